import DeepSwift
import DeepSwiftDatasets
import Testing

@Suite struct IDXTests {
  func tensor(_ bytes: [UInt8]) throws -> Tensor { try Tensor(idxBytes: bytes, place: "a") }

  @Test func bytesAndOtherNumbers() throws {
    #expect(
      try tensor(idxFile([2, 3], [1, 2, 3, 4, 5, 255])) == Tensor([1, 2, 3, 4, 5, 255] as [UInt8], shape: [2, 3]))
    #expect(try tensor([0, 0, 9, 1, 0, 0, 0, 1, 0xff]) == [-1])
    #expect(try tensor([0, 0, 0x0b, 1, 0, 0, 0, 1, 0xff, 0xfe]) == [-2])
    #expect(try tensor([0, 0, 0x0c, 1, 0, 0, 0, 1, 0, 0, 1, 0]) == [256])
    #expect(try tensor([0, 0, 0x0d, 1, 0, 0, 0, 1, 0x3f, 0xc0, 0, 0]) == [1.5])
    #expect(try tensor([0, 0, 0x0e, 1, 0, 0, 0, 1, 0xc0, 4, 0, 0, 0, 0, 0, 0]) == [-2.5])
  }

  @Test func plainAndGzippedFiles() throws {
    try withTemporaryFolder { folder in
      let bytes = idxFile([3], [7, 8, 9])
      try Files.write(bytes, to: "\(folder)/plain")
      try Files.write(deflated(bytes, .gzip), to: "\(folder)/packed")
      #expect(try Tensor(idx: "\(folder)/plain") == Tensor([7, 8, 9] as [UInt8]))
      #expect(try Tensor(idx: "\(folder)/packed") == Tensor([7, 8, 9] as [UInt8]))
    }
  }

  @Test func damageIsAnError() {
    #expect(message { _ = try tensor([1, 2, 3, 4]) }.contains("it begins with 01 02 03 04"))
    #expect(message { _ = try tensor([0, 0]) }.contains("is not an IDX file"))
    #expect(
      message { _ = try tensor(idxFile([2, 3], [1, 2, 3, 4, 5])) }
        == "a: is cut off: shape [2, 3] takes 6 bytes, found 5. Download it or write it again.")
    #expect(
      message { _ = try tensor(idxFile([2], [1, 2, 3])) }
        == "a: is too long: shape [2] takes 2 bytes, found 3. Download it or write it again.")
    let most = Int(UInt32.max)
    #expect(message { _ = try tensor(idxFile([most, most, most], [])) }.contains("impossible shape"))
    #expect(message { _ = try tensor(idxFile([0, most, most, most], [])) }.contains("impossible shape"))
    #expect(message { _ = try tensor([0, 0, 8, 200, 0, 0]) }.contains("ends at byte 6"))
  }
}
