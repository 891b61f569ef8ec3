import DeepSwiftKernels
import Testing

@Suite(.watchedMemory) struct GatherTests {
  @Test(arguments: instructionSets) func readingTheBatch(set: String) {
    let k = kernels(set)
    var random = Random(14)
    for count in [1, 3, 16, 21, 50] {
      let order = Guarded<Int32>([3, 0, 3, 2]), x = Floats.empty(4 * count)
      let bytes = (0..<4 * count).map { _ in UInt8(random.int(0...255)) }, numbers = random.floats(4 * count)
      let whole = (0..<4 * count).map { _ in Int32(random.int(-1000...1000)) }
      func expected(_ value: (Int) -> Double) -> [Double] {
        order.values.flatMap { row in (0..<count).map { value(Int(row) * count + $0) } }
      }
      let b = Guarded<UInt8>(bytes), w = Guarded<Int32>(whole), f = Floats(numbers)
      k.gather(ds_uint8, 4, count, b.p, order.p, 1 / 255, -0.5, x.p)
      expectClose(x.values, expected { Double(bytes[$0]) / 255 - 0.5 })
      k.gather(ds_int32, 4, count, w.p, order.p, 2, 1, x.p)
      expectClose(x.values, expected { Double(whole[$0]) * 2 + 1 }, 0)
      k.gather(ds_float32, 4, count, f.p, order.p, 2, 1, x.p)
      expectClose(x.values, expected { Double(numbers[$0]) * 2 + 1 })
      k.gather(ds_float32, 4, count, f.p, order.p, 1, 0, x.p)
      expectClose(x.values, expected { Double(numbers[$0]) }, 0)
    }
  }
}

@Suite(.watchedMemory) struct DropoutTests {
  static func hashed(_ number: UInt32) -> UInt32 {
    var x = number
    x ^= x >> 16
    x = x &* 0x7feb_352d
    x ^= x >> 15
    x = x &* 0x846c_a68b
    return x ^ x >> 16
  }

  static func isDropped(_ d: ds_dropout, _ position: Int) -> Bool {
    let key = hashed(d.key &+ 0x9e37_79b9)
    return hashed(UInt32(truncatingIfNeeded: position) &* 0x9e37_79b9 ^ key) < d.threshold
  }

  @Test(arguments: instructionSets) func elementsDependOnTheirPositionOnly(set: String) {
    let k = kernels(set)
    var random = Random(15)
    let numbers = random.floats(200, 1, 2), x = Floats(numbers)
    for position in [0, 5, 1_000_003, 1 << 32 - 100] {
      let d = ds_dropout(key: 77, threshold: 1 << 31, scale: 2), y = Floats.empty(200), z = Floats.empty(200)
      k.dropout(200, position, d, x.p, y.p)
      #expect(y.values == numbers.enumerated().map { Self.isDropped(d, position + $0) ? 0 : $1 * 2 })
      k.dropout(77, position, d, x.p, z.p)
      k.dropout(123, position + 77, d, x.p + 77, z.p + 77)
      expectSame(z.values, y.values)
    }
  }

  @Test(arguments: instructionSets) func theShareIsRight(set: String) {
    let k = kernels(set)
    let count = 100_000, x = Floats([Float](repeating: 1, count: count)), y = Floats.empty(count),
      z = Floats.empty(count)
    for rate in [0.1, 0.5, 0.8] {
      var d = ds_dropout(key: 3, threshold: UInt32(rate * 4_294_967_296), scale: 1)
      k.dropout(count, 0, d, x.p, y.p)
      let kept = Double(y.values.reduce(0, +)) / Double(count)
      #expect(abs(kept - (1 - rate)) < 0.006)
      // another key, another mask
      d.key = 4
      k.dropout(count, 0, d, x.p, z.p)
      let both = Double(zip(y.values, z.values).reduce(0) { $0 + $1.0 * $1.1 }) / Double(count)
      #expect(abs(both - (1 - rate) * (1 - rate)) < 0.006)
      // and not the same mask with neighbours exchanged
      let other = z.values
      let turned = zip(y.values, other.indices.map { other[$0 ^ 1] }).prefix(200)
      #expect(turned.contains { $0 != $1 })
    }
  }
}
