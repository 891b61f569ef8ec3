/// A small generator (SplitMix64) with a fixed seed, so that a failure can be repeated.
package struct Random: RandomNumberGenerator {
  private var state: UInt64

  package init(_ seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  package mutating func float(_ low: Float = -1, _ high: Float = 1) -> Float {
    low + (high - low) * Float(next() >> 40) / Float(1 << 24)
  }

  package mutating func int(below end: Int) -> Int { Int(next() % UInt64(end)) }
}
