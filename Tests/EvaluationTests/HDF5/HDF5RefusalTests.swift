import DeepSwift
import DeepSwiftEvaluation
import FuzzTargets
import TestSupport
import Testing

/// What is not read is refused by name, and damaged files end in an error.
@Suite struct HDF5RefusalTests {
  @Test(arguments: [
    ("virtual", "is a virtual data set"), ("external", "keeps its values in another file"),
    ("lzf", "the filter lzf (number 32000)"), ("record", "records of several fields"),
    ("complex", "records of several fields"), ("claims", "claims 4294967296 bytes that are not stored"),
    ("claims_chunks", "claims 4294967296 bytes that are not stored"),
  ])
  func values(name: String, reason: String) throws {
    let root = try HDF5Fixture.read("refused.h5")
    let found = message { _ = try root.dataset(name).tensor() }
    #expect(found.contains(reason) && found.contains("refused.h5, /\(name)"), "\(found)")
  }

  @Test func linksAreRefusedWhereSomebodyAsks() throws {
    let root = try HDF5Fixture.read("refused.h5")
    #expect(try root.dataset("x").count == 2)
    #expect(try root.dataset("opaque").bytes() == [1, 2, 3, 4])
    #expect(message { _ = try root.dataset("opaque").tensor() }.contains("holds opaque elements of 2 bytes, expected numbers"))
    #expect(root.attributes["reference"] == .unsupported("references"))
    #expect(message { _ = try root.group("circle/back") }.contains("is a soft link to \"/circle\""))
    #expect(message { _ = try root.dataset("named") }.contains("is a named type"))
    let kinds = try HDF5Fixture.read("kinds_latest.h5")
    #expect(message { _ = try kinds.dataset("soft") }.contains("is a soft link to \"/deep\""))
    #expect(message { _ = try kinds.dataset("external") }.contains("is a link into another file"))
  }

  @Test func wrongTypesAreRefused() throws {
    let root = try HDF5Fixture.read("kinds_earliest.h5")
    #expect(message { _ = try root.dataset("fixed").tensor() }.contains("holds strings of 7 bytes, expected numbers"))
    #expect(message { _ = try root.dataset("halves").integers() }.contains("expected integers"))
    #expect(message { _ = try root.dataset("halves").strings() }.contains("expected strings"))
  }

  @Test func circlesAndSharedGroupsEnd() {
    #expect(message { _ = try HDF5Fixture.read("circle.h5") }.contains("a group holds itself"))
    #expect(message { _ = try HDF5Fixture.read("shared.h5") }.contains("shares its contents without measure"))
  }

  @Test func otherFilesAreRefused() throws {
    let other = "a.h5: is not an HDF5 file. Choose another one, or write it again."
    #expect(message { _ = try HDF5.read([], place: "a.h5") } == other)
    #expect(message { _ = try HDF5.read(Array("PK".utf8), place: "a.h5") } == other)
    #expect(message { _ = try HDF5.read("/nowhere/a.h5") }.contains("/nowhere/a.h5"))
    let whole = try HDF5Fixture.bytes("weights_latest.h5")
    let half = message { _ = try HDF5.read(Array(whole.dropLast(100)), place: "a.h5") }
    #expect(half.contains("is cut off: it should have \(whole.count) bytes, found \(whole.count - 100)"))
  }

  @Test func checksumsAreCompared() throws {
    // Every byte of new headers is covered by one.
    let bytes = try HDF5Fixture.bytes("weights_latest.h5")
    let start = try #require((0..<bytes.count - 4).last { bytes[$0..<$0 + 4].elementsEqual("OHDR".utf8) })
    for offset in [7, 12, 20] {
      var damaged = bytes
      damaged[start + offset] ^= 4
      #expect(message { _ = try HDF5.read(damaged, place: "a.h5") } != "no error", "\(offset)")
    }
  }

  @Test func checksumsOfChunksAreCompared() throws {
    // The first row of the same numbers lies in a chunk with a checksum and in others.
    var bytes = try HDF5Fixture.bytes("compressed_earliest.h5")
    let row = try HDF5.read(bytes, place: "a.h5").dataset("fletcher32").bytes().prefix(28)
    let places = (0..<bytes.count - 28).filter { bytes[$0..<$0 + 28].elementsEqual(row) }
    #expect(places.count >= 2)
    for place in places { bytes[place + 3] ^= 1 }
    let root = try HDF5.read(bytes, place: "a.h5")
    #expect(message { _ = try root.dataset("fletcher32").tensor() }.contains("the checksum of a chunk is wrong"))
    #expect(message { _ = try root.dataset("one_chunk").tensor() } == "no error")
  }

  @Test func dataSetsThatShareTheirBytesAreRefused() throws {
    // All entries of the root's tables are made to lead to one data set of 100 KB: a hundred times the file.
    let names = (0..<100).map { "n\($0)" }
    var root = HDF5Group(members: names.map { ($0, .group(HDF5Group())) })
    root["n0"] = .dataset(HDF5Dataset(Tensor.zeros([25_000])))
    var bytes = try HDF5.write(root)
    for table in 0..<bytes.count - 8 where bytes[table..<table + 4].elementsEqual("SNOD".utf8) {
      for entry in 0..<Int(bytes[table + 6]) {
        let place = table + 8 + entry * 40
        bytes.replaceSubrange(place + 8..<place + 40, with: bytes[first(bytes)..<first(bytes) + 32])
      }
    }
    #expect(message { _ = try HDF5.read(bytes, place: "a.h5") }.contains("shares its contents without measure"))
  }

  /// What the entry of the name "n0", the first in the first table of names, says behind the name.
  private func first(_ bytes: [UInt8]) -> Int {
    let table = bytes.indices.dropLast(4).first { bytes[$0..<$0 + 4].elementsEqual("SNOD".utf8) } ?? 0
    return table + 16
  }

  @Test func aBombIsRefused() throws {
    // A million zeros shrink to a thousand bytes; a file that claims a thousand times more of them is refused.
    var bytes = try HDF5Fixture.bytes("compressed_earliest.h5")
    let length: [UInt8] = [100, 0, 0, 0, 0, 0, 0, 0], shapes = length + length + length + length
    let place = try #require((0..<bytes.count - 32).first { bytes[$0..<$0 + 32].elementsEqual(shapes) })
    // 2^24 more rows, now and at most.
    bytes[place + 3] = 1
    bytes[place + 19] = 1
    let text = message { _ = try HDF5.read(bytes, place: "a.h5").dataset("zeros").tensor() }
    #expect(text.contains("that are not stored"), "\(text)")
  }

  @Test func damagedFilesNeverCrash() throws {
    let corpus = try HDF5Fuzz.corpus.files().map(\.bytes)
    var accepted = 0
    for number in 0..<2000 where try HDF5Fuzz.accepts(HDF5Fuzz.file(number, seed: 7, from: corpus)) { accepted += 1 }
    // Most damage lies in values and gaps, or where a checksum or a size tells it.
    #expect((200..<1800).contains(accepted))
  }
}
