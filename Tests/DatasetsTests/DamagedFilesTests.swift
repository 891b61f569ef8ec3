import DeepSwift
import DeepSwiftDatasets
import Testing

/// Files with random damage must lead to an error or to a result, never to a crash, a hang or a flood of memory.
@Suite struct DamagedFilesTests {
  /// Reads `count` damaged versions of `file`. Returns how many of them were still accepted.
  @discardableResult
  func damage(_ file: [UInt8], count: Int, seed: UInt64, read: ([UInt8]) throws -> Void) -> Int {
    var accepted = 0
    for trial in 0..<count {
      let random = RandomSource(seed: seed).keyed(UInt64(trial))
      var bytes = file
      for change in 0..<1 + random.integer(below: 4, at: 0) {
        let draw = { (n: Int, i: Int) in random.integer(below: max(n, 1), at: UInt64(change * 8 + i + 1)) }
        let place = draw(bytes.count, 0)
        guard !bytes.isEmpty else { break }
        switch draw(6, 1) {
        case 0: bytes[place] = UInt8(draw(256, 2))
        case 1: bytes[place] ^= 1 << UInt8(draw(8, 2))
        case 2: bytes[place] = [0, 0x7f, 0x80, 0xff][draw(4, 2)]
        case 3: bytes.removeLast(draw(bytes.count, 2))
        case 4: bytes.removeSubrange(place..<min(bytes.count, place + draw(16, 2)))
        default: bytes.insert(contentsOf: [UInt8](repeating: UInt8(draw(256, 3)), count: draw(16, 2)), at: place)
        }
      }
      do {
        try read(bytes)
        accepted += 1
      } catch is ModelError {
      } catch { Issue.record("not a ModelError: \(error)") }
    }
    return accepted
  }

  @Test(arguments: ["f4_big", "i8_little", "fortran", "python2", "version3", "empty"])
  func npy(name: String) throws {
    let file = try Files.read("\(fixtures)/numpy/\(name).npy")
    damage(file, count: 1000, seed: 1) { _ = try Tensor(npyBytes: $0, place: "a").description }
  }

  @Test(arguments: ["stored", "deflated", "streamed", "zip64"])
  func npz(name: String) throws {
    let file = try Files.read("\(fixtures)/numpy/\(name).npz")
    let accepted = damage(file, count: 1000, seed: 2) { _ = try Tensor.read(npzBytes: $0, place: "a") }
    #expect(accepted < 500, "checksums find most damage")
  }

  @Test func idx() throws {
    let file = idxFile([3, 4, 5], [UInt8](repeating: 7, count: 60))
    damage(file, count: 1000, seed: 3) { _ = try Tensor(idxBytes: $0, place: "a").description }
    damage(deflated(file, .gzip), count: 1000, seed: 4) { _ = try inflated($0[...], .gzip, place: "a") }
  }

  @Test func tar() throws {
    let file = tarFile([("a/b", [1, 2, 3]), ("c", [UInt8](repeating: 1, count: 700))])
    damage(file, count: 1000, seed: 5) { _ = try TarArchive($0, place: "a") }
    let long = Array(tarFile([("x", Array("18 path=long/name\n".utf8))], kind: "x").dropLast(1024)) + file
    damage(long, count: 1000, seed: 6) { _ = try TarArchive($0, place: "a") }
  }
}
