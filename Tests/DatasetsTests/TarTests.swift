import DeepSwift
import DeepSwiftDatasets
import Testing

@Suite struct TarTests {
  @Test func filesComeBack() throws {
    let tar = try TarArchive(
      tarFile([("folder/a", [1, 2, 3]), ("b", [UInt8](repeating: 9, count: 600))]), place: "a.tar")
    #expect(tar.files.map(\.name) == ["folder/a", "b"])
    #expect(Array(tar.files[0].contents) == [1, 2, 3])
    #expect(tar.files[1].contents.count == 600)
  }

  @Test func longNamesInBothWays() throws {
    let gnu = Array(tarFile([("././@LongLink", Array("very/long/name\0".utf8))], kind: "L").dropLast(1024))
    #expect(try TarArchive(gnu + tarFile([("very", [1])]), place: "a").files.map(\.name) == ["very/long/name"])
    let posix = Array(tarFile([("pax", Array("23 path=other/long name\n".utf8))], kind: "x").dropLast(1024))
    #expect(try TarArchive(posix + tarFile([("other", [1])]), place: "a").files.map(\.name) == ["other/long name"])
  }

  @Test func foldersAreLeftOut() throws {
    let folder = Array(tarFile([("folder/", [])], kind: "5").dropLast(1024))
    #expect(try TarArchive(folder + tarFile([("folder/a", [1])]), place: "a").files.map(\.name) == ["folder/a"])
  }

  @Test func damageIsAnError() throws {
    let whole = tarFile([("a", [UInt8](repeating: 1, count: 5000))])
    #expect(message { _ = try TarArchive(Array(whole.prefix(3000)), place: "a.tar") }.contains("ends at byte 3000"))
    var damaged = whole
    damaged[0] ^= 1
    #expect(message { _ = try TarArchive(damaged, place: "a.tar") }.contains("is not a tar archive"))
    #expect(message { _ = try TarArchive([1, 2, 3], place: "a.tar") }.contains("holds no files"))
  }
}
