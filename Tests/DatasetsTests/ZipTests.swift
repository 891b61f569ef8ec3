import DeepSwift
import DeepSwiftDatasets
import Testing

@Suite struct ZipTests {
  func archive() throws -> [UInt8] {
    var zip = ZipWriter()
    zip.add("stored.txt", Array("hello".utf8))
    zip.add("ordner/größe", [UInt8](repeating: 7, count: 1000), compressed: true)
    zip.add("empty", [])
    return try zip.finished(place: "a.zip")
  }

  @Test func membersComeBack() throws {
    let zip = try ZipArchive(archive(), place: "a.zip")
    #expect(zip.members.map(\.name) == ["stored.txt", "ordner/größe", "empty"])
    #expect(zip.members.map(\.size) == [5, 1000, 0])
    #expect(try zip.contents(of: "stored.txt") == Array("hello".utf8))
    #expect(try zip.contents(of: "ordner/größe") == [UInt8](repeating: 7, count: 1000))
    #expect(try zip.contents(of: "empty") == [])
    #expect(
      message { _ = try zip.contents(of: "b") }
        == #"a.zip: has no member b, only ["empty", "ordner/größe", "stored.txt"]"#)
  }

  @Test func aCommentMayFollow() throws {
    var bytes = try archive()
    bytes[bytes.count - 2] = 4
    #expect(try ZipArchive(bytes + Array("note".utf8), place: "a.zip").members.count == 3)
  }

  @Test func damageIsAnError() throws {
    let whole = try archive()
    let other = "a.zip: is not a zip file. Download it or write it again."
    #expect(message { _ = try ZipArchive(whole.dropLast(23), place: "a.zip") } == other)
    #expect(message { _ = try ZipArchive([], place: "a.zip") } == other)
    var damaged = whole
    damaged[41] ^= 1  // in "hello"
    let zip = try ZipArchive(damaged, place: "a.zip")
    #expect(
      message { _ = try zip.contents(of: "stored.txt") }
        == "a.zip, member stored.txt: is damaged: its checksum is wrong. Download it or write it again.")
  }

  @Test func encryptionAndOtherMethodsAreRefused() throws {
    var bytes = try archive()
    let entry = bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4b, 1, 2]) }!
    bytes[entry + 8] |= 1
    #expect(message { _ = try ZipArchive(bytes, place: "a").contents(of: "stored.txt") }.contains("is encrypted"))
    bytes[entry + 8] &= 0xfe
    bytes[entry + 10] = 12
    #expect(message { _ = try ZipArchive(bytes, place: "a").contents(of: "stored.txt") }.contains("method 12"))
  }

  @Test func membersMayNotShareBytes() throws {
    var zip = ZipWriter()
    zip.add("a", [UInt8](repeating: 7, count: 1000))
    var bytes = try zip.finished(place: "a")
    let entry = bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4b, 1, 2]) }!
    let end = bytes.count - 22
    let directory = Array(bytes[entry..<end])
    var endRecord = Array(bytes[end...])
    (endRecord[8], endRecord[10]) = (2, 2)
    endRecord[12] = UInt8(directory.count * 2)
    bytes = Array(bytes[..<entry]) + directory + directory + endRecord
    #expect(
      message { _ = try ZipArchive(bytes, place: "a.zip") } == "a.zip: has members that overlap. Download it or write it again.")
  }

  @Test func whatUnpacksToMuchIsRefused() throws {
    var zip = ZipWriter()
    zip.add("bomb", [UInt8](repeating: 0, count: 300 << 20), compressed: true)
    let archive = try ZipArchive(zip.finished(place: "a"), place: "a.zip")
    #expect(message { _ = try archive.contents(of: "bomb") }.contains("more than 100 times its size"))
  }
}
