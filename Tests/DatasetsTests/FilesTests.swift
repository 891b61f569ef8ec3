import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

@Suite struct FilesTests {
  @Test func whatIsWrittenIsRead() throws {
    try withTemporaryFolder { folder in
      let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
      try Files.write(bytes, to: "\(folder)/a")
      try Files.write([1, 2, 3] as [UInt8], to: "\(folder)/a")
      #expect(try Files.read("\(folder)/a") == [1, 2, 3])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"], "nothing temporary is left")
    }
  }

  @Test func faultsNameTheFile() throws {
    let current = FileManager.default.currentDirectoryPath
    #expect(
      message { _ = try Files.read("/nowhere/a") }
        == "/nowhere/a: cannot read: No such file or directory; check the path; the current folder is \(current)")
    #expect(message { _ = try Files.read("/tmp") } == "/tmp: is not a file. Add the name of one.")
  }

  @Test func aMappedFileHasItsBytes() throws {
    try withTemporaryFolder { folder in
      for bytes in [[], [1, 2, 3], (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }] as [[UInt8]] {
        try Files.write(bytes, to: "\(folder)/a")
        let storage = try Files.map("\(folder)/a")
        // What is replaced stays for who has it open.
        try Files.write([9], to: "\(folder)/a")
        #expect(Array(UnsafeRawBufferPointer(start: storage.bytes, count: storage.byteCount)) == bytes)
      }
    }
  }

  /// A tensor over memory that belongs to a file must not be written to in place.
  @Test func aMappedTensorIsCopiedBeforeItIsWritten() throws {
    try withTemporaryFolder { folder in
      try Files.write([1, 2, 3, 4] as [UInt8], to: "\(folder)/a")
      var tensor = Tensor(shape: [4], elementType: .uint8, storage: try Files.map("\(folder)/a"))
      tensor.withUnsafeMutableBytes { $0[0] = 9 }
      #expect(tensor.integers == [9, 2, 3, 4])
      #expect(try Files.read("\(folder)/a") == [1, 2, 3, 4])
    }
  }
}
