import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

@Suite struct MNISTTests {
  @Test func fourFilesMakeTwoDatasets() throws {
    try withTemporaryFolder { root in
      try FileManager.default.createDirectory(atPath: "\(root)/mnist", withIntermediateDirectories: true)
      try Files.write(
        deflated(idxFile([2, 1, 2], [1, 2, 3, 4]), .gzip), to: "\(root)/mnist/train-images-idx3-ubyte.gz")
      try Files.write(idxFile([2], [5, 9]), to: "\(root)/mnist/train-labels-idx1-ubyte")
      try Files.write(idxFile([1, 1, 2], [7, 8]), to: "\(root)/mnist/t10k-images.idx3-ubyte")
      try Files.write(idxFile([1], [0]), to: "\(root)/mnist/t10k-labels.idx1-ubyte")
      var folder = MNIST.folder
      folder.environment = ["DEEPSWIFT_DATA": root]
      let (train, test) = try MNIST.load(from: folder)
      #expect(train.x == Tensor([1, 2, 3, 4] as [UInt8], shape: [2, 1, 2]))
      #expect(train.y == [5, 9])
      #expect(test.x.shape == [1, 1, 2] && test.y == [0])
      #expect(train.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
    }
  }

  static let isHere = ProcessInfo.processInfo.environment["DEEPSWIFT_DATA"].map { Files.exists("\($0)/mnist") } ?? false

  @Test(.enabled(if: isHere, "MNIST is not in DEEPSWIFT_DATA"))
  func theRealFiles() throws {
    let (train, test) = try MNIST.load()
    #expect(train.x.shape == [60000, 28, 28] && test.x.shape == [10000, 28, 28])
    #expect(train.x.elementType == .uint8 && train.y.elementType == .int32)
    #expect(train.y.prefix(10) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    #expect(test.y.prefix(5) == [7, 2, 1, 0, 4])
    #expect(abs((train.x / 255).mean() - 0.1306604) < 1e-6)
  }
}
