import DeepSwift
import DeepSwiftDatasets
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  private func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  @Test func replacesAFileAndLeavesNothingElse() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(to: "\(folder)/a") { file in
        try file.append(Data("one".utf8))
        try file.append([UInt8]("two".utf8))
      }
      #expect(try Files.read("\(folder)/a") == Array("onetwo".utf8))
      try AtomicFile.write(to: "\(folder)/a") { try $0.append(Data("three".utf8)) }
      #expect(try Files.read("\(folder)/a") == Array("three".utf8))
      #expect(names(folder) == ["a"])
    }
  }

  @Test func anErrorOnTheWayLeavesTheOldFile() throws {
    struct Fault: Error {}
    try withTemporaryFolder { folder in
      try Files.write(Data("old".utf8), to: "\(folder)/a")
      #expect(throws: Fault.self) {
        try AtomicFile.write(to: "\(folder)/a") { file in
          try file.append(Data("new".utf8))
          throw Fault()
        }
      }
      #expect(try Files.read("\(folder)/a") == Array("old".utf8))
      #expect(names(folder) == ["a"])
    }
  }

  @Test func aLinkStaysALink() throws {
    try withTemporaryFolder { folder in
      try Files.write(Data("one".utf8), to: "\(folder)/a")
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/b", withDestinationPath: "a")
      try Files.write(Data("two".utf8), to: "\(folder)/b")
      #expect(try Files.read("\(folder)/a") == Array("two".utf8))
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/b") == "a")
    }
  }

  @Test func aFileKeepsItsPermissions() throws {
    try withTemporaryFolder { folder in
      try Files.write(Data("one".utf8), to: "\(folder)/a")
      chmod("\(folder)/a", 0o640)
      try Files.write(Data("two".utf8), to: "\(folder)/a")
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/a")
      #expect(attributes[.posixPermissions] as? Int == 0o640)
    }
  }

  @Test func aDeviceIsWrittenToAndNotReplaced() throws {
    try Files.write(Data("gone".utf8), to: "/dev/null")
    #expect(
      try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType == .typeCharacterSpecial)
    #expect(
      message { try Files.write(Data("much".utf8), to: "/dev/full") }
        == "/dev/full: cannot write: No space left on device; free some space or choose another disk")
  }

  @Test func whatAKilledProcessLeftCanBeRemoved() throws {
    try withTemporaryFolder { folder in
      for name in [".a.123.part", "a.part", ".b"] { try Files.write(Data(), to: "\(folder)/\(name)") }
      AtomicFile.removeDrafts(in: folder)
      #expect(names(folder) == [".b", "a.part"])
      // What somebody writes at this moment stays.
      try AtomicFile.write(to: "\(folder)/c") { file in
        AtomicFile.removeDrafts(in: folder)
        try file.append([1, 2, 3] as [UInt8])
      }
      #expect(try Files.read("\(folder)/c") == [1, 2, 3])
    }
  }

  @Test func errorsNameThePathAndTheRemedy() throws {
    try withTemporaryFolder { folder in
      let current = FileManager.default.currentDirectoryPath
      #expect(
        message { try Files.write(Data(), to: "\(folder)/no/such/file.csv") }
          == "\(folder)/no/such/file.csv: cannot write: No such file or directory; create its folder first; "
          + "the current one is \(current)")
      #expect(
        message { try Files.write(Data(), to: folder) }
          == "\(folder): cannot write: this is a folder; add the name of a file")
      #expect(message { try Files.write(Data(), to: "") } == "a file needs a name, received an empty path")
    }
  }

  /// On a disk that is full the old file stays, and a second attempt may succeed.
  @Test(.enabled(if: SmallDisk.canBeMounted, "Mounting a small disk takes root: Scripts/full-disk"))
  func aFullDiskLeavesTheOldFile() throws {
    let disk = try SmallDisk(byteCount: 64 << 10), path = disk.path("a")
    let old = [UInt8](repeating: 1, count: 20_000)
    try Files.write(old, to: path)
    for size in [50_000, 100_000, 1_000_000] {
      #expect(
        message { try Files.write([UInt8](repeating: 2, count: size), to: path) }
          == "\(path): cannot write: No space left on device; free some space or choose another disk")
      #expect(try Files.read(path) == old)
      #expect(disk.names == ["a"])
    }
    try Files.write([UInt8](repeating: 3, count: 30_000), to: path)
    #expect(try Files.read(path).allSatisfy { $0 == 3 })
  }
}
