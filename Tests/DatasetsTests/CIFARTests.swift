import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

/// A record whose pixel at row r and column c has the red value r, the green value c and the blue value `blue`.
private func record(_ labels: [UInt8], blue: UInt8) -> [UInt8] {
  let places = (0..<1024).map { (row: UInt8($0 / 32), column: UInt8($0 % 32)) }
  return labels + places.map(\.row) + places.map(\.column) + [UInt8](repeating: blue, count: 1024)
}

private let cifar10Files =
  (1...5).map { ("data_batch_\($0).bin", record([UInt8($0)], blue: 200)) }
  + [("test_batch.bin", record([9], blue: 100) + record([0], blue: 101))]

@Suite struct CIFAR10Tests {
  private func check(_ folder: DataFolder) throws {
    let (train, test) = try CIFAR10.load(from: folder)
    #expect(train.x.shape == [5, 32, 32, 3] && train.x.elementType == .uint8)
    #expect(train.y == [1, 2, 3, 4, 5])
    #expect(train.x[0, 3, 7] == Tensor([3, 7, 200] as [UInt8]), "channels come last")
    #expect(test.y == [9, 0])
    #expect(test.x[1, 31, 0] == Tensor([31, 0, 101] as [UInt8]))
    #expect(test.classNames[9] == "truck")
  }

  @Test func folderAndArchive() throws {
    try withTemporaryFolder { root in
      var folder = CIFAR10.folder
      folder.environment = ["DEEPSWIFT_DATA": root, "HOME": root]
      folder.mirrors = []

      try FileManager.default.createDirectory(atPath: "\(root)/cifar-10-batches-bin", withIntermediateDirectories: true)
      for (name, bytes) in cifar10Files { try Files.write(bytes, to: "\(root)/cifar-10-batches-bin/\(name)") }
      try check(folder)
      folder.environment["DEEPSWIFT_DATA"] = "\(root)/cifar-10-batches-bin"
      try check(folder)
      try FileManager.default.removeItem(atPath: "\(root)/cifar-10-batches-bin")
      #expect(
        message { _ = try CIFAR10.load(from: folder) }.hasPrefix(
          "cifar10/cifar-10-binary.tar.gz: is not on this machine"))

      try FileManager.default.createDirectory(atPath: "\(root)/cifar10", withIntermediateDirectories: true)
      let tar = tarFile(cifar10Files.map { ("cifar-10-batches-bin/" + $0.0, $0.1) })
      try Files.write(deflated(tar, .gzip), to: "\(root)/cifar10/cifar-10-binary.tar.gz")
      folder.environment["DEEPSWIFT_DATA"] = root
      try check(folder)
    }
  }

  @Test func damageIsAnError() throws {
    try withTemporaryFolder { root in
      for (name, bytes) in cifar10Files { try Files.write(bytes, to: "\(root)/\(name)") }
      var folder = CIFAR10.folder
      folder.environment = ["DEEPSWIFT_DATA": root]
      try Files.write([1, 2, 3] as [UInt8], to: "\(root)/test_batch.bin")
      #expect(
        message { _ = try CIFAR10.load(from: folder) }.contains(
          "test_batch.bin: has 3 bytes, which are no whole number"))
      try Files.write(record([10], blue: 0), to: "\(root)/test_batch.bin")
      #expect(message { _ = try CIFAR10.load(from: folder) }.contains("label 10 has no name"))
      try FileManager.default.removeItem(atPath: "\(root)/test_batch.bin")
      #expect(
        message { _ = try CIFAR10.load(from: folder) }.hasPrefix("\(root)/test_batch.bin: cannot read: No such file or directory")
      )
      let tar = tarFile([("a", [1])])
      try Files.write(deflated(tar, .gzip), to: "\(root)/cifar-10-binary.tar.gz")
      #expect(message { _ = try CIFAR10.load(from: folder) }.contains(#"holds no file data_batch_1.bin, only ["a"]"#))
    }
  }

  static let isHere =
    ProcessInfo.processInfo.environment["DEEPSWIFT_DATA"].map { Files.exists("\($0)/cifar-10-batches-bin") } ?? false

  @Test(.enabled(if: isHere, "CIFAR-10 is not in DEEPSWIFT_DATA"))
  func theRealFiles() throws {
    let (train, test) = try CIFAR10.load()
    #expect(train.x.shape == [50000, 32, 32, 3] && test.x.shape == [10000, 32, 32, 3])
    for label in 0..<10 { #expect(train.y.integers.count { $0 == label } == 5000) }
  }
}

@Suite struct CIFAR100Tests {
  @Test func fineAndCoarseLabels() throws {
    try withTemporaryFolder { root in
      try FileManager.default.createDirectory(atPath: "\(root)/cifar-100-binary", withIntermediateDirectories: true)
      try Files.write(record([19, 99], blue: 1) + record([0, 4], blue: 2), to: "\(root)/cifar-100-binary/train.bin")
      try Files.write(record([3, 55], blue: 3), to: "\(root)/cifar-100-binary/test.bin")
      var folder = CIFAR100.folder
      folder.environment = ["DEEPSWIFT_DATA": root]
      let (train, test) = try CIFAR100.load(from: folder)
      #expect(train.y == [99, 4] && test.y == [55])
      #expect(train.x[1, 2, 3] == Tensor([2, 3, 2] as [UInt8]))
      #expect(train.classNames[99] == "worm" && train.classNames[4] == "beaver")
      let coarse = try CIFAR100.load(from: folder, labels: .coarse).train
      #expect(coarse.y == [19, 0])
      #expect(coarse.classNames[0] == "aquatic_mammals")
      #expect(CIFAR100.classNames.count == 100 && CIFAR100.coarseClassNames.count == 20)
      #expect(Set(CIFAR100.classNames).count == 100)
    }
  }
}
