import DeepSwift
import DeepSwiftDatasets
import Testing

@Suite struct FastInflateTests {
  /// Bytes of some kind: noise, few values, repetitions at all distances, slopes.
  func bytes(_ trial: Int) -> [UInt8] {
    let random = RandomSource(seed: 11).keyed(UInt64(trial))
    let count = [0, 1, 5, 300, 5000, 70_000][random.integer(below: 6, at: 0)], period = 1 + random.integer(below: 400, at: 1)
    let kind = random.integer(below: 5, at: 2), values = 1 + random.integer(below: 40, at: 3)
    return (0..<count).map { i in
      switch kind {
      case 0: UInt8(random.integer(below: 256, at: UInt64(i + 9)))
      case 1: UInt8(random.integer(below: values, at: UInt64(i + 9)))
      case 2: UInt8(random.integer(below: 256, at: UInt64(i % period + 9)))
      case 3: 0
      default: UInt8(truncatingIfNeeded: i / period)
      }
    }
  }

  @Test func unpacksWhatZlibPacks() throws {
    for trial in 0..<150 {
      let input = bytes(trial)
      for level: Int32 in [0, 1, 6, 9] {
        let packed = deflated(input, .zlib, level: level)
        try #require(
          try inflated(parts: [packed[...]], count: input.count, place: "a") == input, "trial \(trial), level \(level)")
        let cut = packed.count / 3
        #expect(try inflated(parts: [packed[..<cut], packed[cut...]], count: input.count, place: "a") == input)
      }
    }
  }

  @Test func moreThanWasAskedForIsLeftOut() throws {
    let packed = deflated([UInt8](repeating: 3, count: 1000) + [7, 8, 9], .zlib)
    for count in [1, 5, 999, 1000, 1001] {
      let start = try inflated(parts: [packed[...]], count: count, place: "a")
      #expect(start == Array(([UInt8](repeating: 3, count: 1000) + [7]).prefix(count)))
    }
  }

  @Test func everyCutIsAnError() {
    for input in [bytes(3), bytes(4), bytes(8), Array("a stream of bytes, a stream of bits".utf8)] {
      let packed = deflated(Array(input.prefix(2000)), .zlib)
      for end in 0..<packed.count {
        #expect(throws: ModelError.self) {
          try inflated(parts: [packed[..<end]], count: min(input.count, 2000), place: "a")
        }
      }
    }
    #expect(
      message { _ = try inflated(parts: [deflated([1, 2, 3], .zlib)[...]], count: 5, place: "a") }
        == "a: is cut off: it unpacks to 3 bytes, expected 5. Download it or write it again.")
  }

  @Test func aWrongCheckSumIsAnError() {
    for input in [bytes(2), bytes(4), [7]] {
      var packed = deflated(input, .zlib)
      packed[packed.count - 1] ^= 1
      #expect(message { _ = try inflated(parts: [packed[...]], count: input.count, place: "a") }.contains("checksum"))
    }
  }

  /// What zlib accepts, gives the same bytes; what it refuses, is refused.
  @Test func damageIsFoundAsZlibFindsIt() {
    for trial in 0..<3000 {
      let random = RandomSource(seed: 5).keyed(UInt64(trial))
      let input = Array(bytes(trial % 40).prefix(3000))
      var packed = deflated(input, .zlib, level: [0, 1, 6, 9][trial % 4])
      for change in 0..<1 + random.integer(below: 3, at: 0) {
        packed[random.integer(below: packed.count, at: UInt64(2 * change + 1))] ^=
          1 << UInt8(random.integer(below: 8, at: UInt64(2 * change + 2)))
      }
      let expected = try? inflated(packed[...], .zlib, size: input.count, place: "a")
      let result = try? inflated(parts: [packed[...]], count: input.count, place: "a")
      // Output that is too long is refused there and cut off here.
      if expected != nil || result.map({ $0 == input }) == false { #expect(result == expected || expected == nil) }
      if let expected { #expect(result == expected) }
    }
  }
}
