import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

@Suite struct FilesTests {
  @Test func whatIsWrittenIsRead() throws {
    try withTemporaryFolder { folder in
      let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
      try Files.write(bytes, to: "\(folder)/a")
      try Files.write([1, 2, 3], to: "\(folder)/a")
      #expect(try Files.read("\(folder)/a") == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"], "nothing temporary is left")
    }
  }

  @Test func faultsNameTheFile() throws {
    #expect(message { _ = try Files.read("/nowhere/a") } == "/nowhere/a: No such file or directory")
    #expect(message { _ = try Files.read("/tmp") } == "/tmp: is not a file")
    #expect(message { try Files.write([1], to: "/nowhere/a") } == "/nowhere/a: No such file or directory")
    try withTemporaryFolder { folder in
      try Files.write([1], to: "\(folder)/a")
      try FileManager.default.createDirectory(atPath: "\(folder)/full/x", withIntermediateDirectories: true)
      #expect(message { try Files.write([1], to: "\(folder)/full") } == "\(folder)/full: Is a directory")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a", "full"])
    }
  }
}
