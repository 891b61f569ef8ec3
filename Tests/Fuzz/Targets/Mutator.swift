/// Damages files: the same seed does the same to the same files.
package struct Mutator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// One of some files after one to eight changes.
  package mutating func damaged(_ corpus: [[UInt8]]) -> [UInt8] {
    var bytes = corpus[below(corpus.count)]
    for _ in 0..<1 + below(below(4) == 0 ? 8 : 2) {
      guard !bytes.isEmpty else { break }
      change(&bytes, corpus)
    }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], _ corpus: [[UInt8]]) {
    let place = below(bytes.count)
    switch below(16) {
    case 0...2: bytes[place] ^= 1 << UInt8(below(8))
    case 3...4: bytes[place] = UInt8(below(256))
    case 5: bytes[place] = bytes[place] &+ (below(2) == 0 ? 1 : 255)
    case 6...10: put(interestingNumber(), in: &bytes, at: place)
    case 11: bytes.removeLast(min(bytes.count, below(below(2) == 0 ? 64 : bytes.count + 1)))
    case 12: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(64)))
    case 13: copy(bytes, from: place, into: &bytes)
    case 14: copy(corpus[below(corpus.count)], from: place, into: &bytes)
    default:
      // The end of another file, or of the same one, behind the beginning of this.
      let other = corpus[below(corpus.count)]
      bytes.removeSubrange(place...)
      bytes += other.dropFirst(below(other.count + 1))
    }
  }

  /// Numbers at which readers stumble, in one to eight bytes.
  private mutating func interestingNumber() -> (value: UInt64, width: Int) {
    let width = [1, 2, 4, 8][below(4)]
    let bits = UInt64(width * 8)
    let near = UInt64(below(5)) &- 2
    let value: UInt64 =
      switch below(7) {
      case 0: 0
      case 1: .max
      case 2: 1 << (bits - 1)
      case 3: (1 << (bits - 1)) &- 1
      case 4: 1 << UInt64(below(Int(bits)))
      case 5: UInt64(below(256))
      default: next()
      }
    return (below(2) == 0 ? value : value &+ near, width)
  }

  private mutating func put(_ number: (value: UInt64, width: Int), in bytes: inout [UInt8], at place: Int) {
    // Fields of files begin at multiples of their width more often than not.
    let place = below(2) == 0 ? place / number.width * number.width : place
    let isBigEndian = below(4) == 0
    for i in 0..<number.width where place + i < bytes.count {
      let byte = isBigEndian ? number.width - 1 - i : i
      bytes[place + i] = UInt8(truncatingIfNeeded: number.value >> UInt64(byte * 8))
    }
  }

  /// Writes a stretch of `source` over these bytes, at a place of its own.
  private mutating func copy(_ source: [UInt8], from start: Int, into bytes: inout [UInt8]) {
    guard start < source.count else { return }
    let place = below(bytes.count)
    let count = min(1 + below(256), source.count - start, bytes.count - place)
    bytes.replaceSubrange(place..<place + count, with: source[start..<start + count])
  }

  private mutating func below(_ end: Int) -> Int { Int(next() % UInt64(end)) }

  /// SplitMix64.
  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
