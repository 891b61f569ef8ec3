import DeepSwiftKernels
import Foundation
import Testing

/// Axes of a loop nest, as Swift writes them down.
struct Loop {
  var size: [Int], a: [Int], b: [Int], y: [Int]
  var aRow = 0, bRow = 0, yRow = 0

  /// The loop over `shape`, where an operand's axes that are 1 in its own shape are repeated.
  init(shape: [Int], aShape: [Int], bShape: [Int], aPerRow: Bool = true, bPerRow: Bool = true) {
    size = shape
    a = Self.strides(aShape, in: shape)
    b = Self.strides(bShape, in: shape)
    y = Self.strides(shape, in: shape)
    aRow = aPerRow ? aShape.reduce(1, *) : 0
    bRow = bPerRow ? bShape.reduce(1, *) : 0
    yRow = shape.reduce(1, *)
  }

  static func strides(_ own: [Int], in shape: [Int]) -> [Int] {
    var step = 1
    var strides = [Int](repeating: 0, count: shape.count)
    for axis in shape.indices.reversed() {
      strides[axis] = own[axis] == 1 ? 0 : step
      step *= own[axis]
    }
    return strides
  }

  var c: ds_loop {
    var loop = ds_loop()
    loop.axes = Int32(size.count)
    withUnsafeMutableBytes(of: &loop.size) { $0.copyBytes(from: size.withUnsafeBytes(Array.init)) }
    withUnsafeMutableBytes(of: &loop.a) { $0.copyBytes(from: a.withUnsafeBytes(Array.init)) }
    withUnsafeMutableBytes(of: &loop.b) { $0.copyBytes(from: b.withUnsafeBytes(Array.init)) }
    withUnsafeMutableBytes(of: &loop.y) { $0.copyBytes(from: y.withUnsafeBytes(Array.init)) }
    (loop.a_row, loop.b_row, loop.y_row) = (aRow, bRow, yRow)
    return loop
  }

  /// Offsets of a, b and y for every element of `rows` rows, in order.
  func offsets(_ rows: Int) -> [(a: Int, b: Int, y: Int)] {
    var all = (0..<rows).map { (a: $0 * aRow, b: $0 * bRow, y: $0 * yRow) }
    for axis in size.indices {
      all = all.flatMap { o in
        (0..<size[axis]).map { (a: o.a + $0 * a[axis], b: o.b + $0 * b[axis], y: o.y + $0 * y[axis]) }
      }
    }
    return all
  }

  /// A random shape, and operands that are stretched along some of its axes.
  static func random(_ random: inout Random, axes: ClosedRange<Int> = 0...4) -> Loop {
    let shape = (0..<random.int(axes)).map { _ in random.int(1...7) * (random.int(0...4) == 0 ? 5 : 1) }
    func some() -> [Int] { shape.map { random.int(0...3) == 0 ? 1 : $0 } }
    let a = some(), b = some()
    return Loop(shape: shape, aShape: a, bShape: b, aPerRow: random.int(0...3) > 0, bPerRow: random.int(0...3) > 0)
  }
}

struct Binary: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let function: ds_binary
  let value: @Sendable (Double, Double) -> Double
  /// Slopes toward a and toward b.
  let slopes: @Sendable (Double, Double) -> (Double, Double)

  static let all: [Binary] = [
    .init("add", ds_add, { $0 + $1 }, { _, _ in (1, 1) }),
    .init("subtract", ds_subtract, { $0 - $1 }, { _, _ in (1, -1) }),
    .init("multiply", ds_multiply, { $0 * $1 }, { ($1, $0) }),
    .init("divide", ds_divide, { $0 / $1 }, { (1 / $1, -$0 / ($1 * $1)) }),
    .init("maximum", ds_maximum, { max($0, $1) }, { $0 > $1 ? (1, 0) : $0 < $1 ? (0, 1) : (0.5, 0.5) }),
    .init("minimum", ds_minimum, { min($0, $1) }, { $0 < $1 ? (1, 0) : $0 > $1 ? (0, 1) : (0.5, 0.5) }),
    .init("power", ds_power, { pow($0, $1) }, { ($1 * pow($0, $1 - 1), pow($0, $1) * log($0)) }),
    .init("less", ds_less, { $0 < $1 ? 1 : 0 }, { _, _ in (0, 0) }),
    .init("lessOrEqual", ds_less_or_equal, { $0 <= $1 ? 1 : 0 }, { _, _ in (0, 0) }),
    .init("equal", ds_equal, { $0 == $1 ? 1 : 0 }, { _, _ in (0, 0) }),
    .init("notEqual", ds_not_equal, { $0 != $1 ? 1 : 0 }, { _, _ in (0, 0) }),
    .init("greater", ds_greater, { $0 > $1 ? 1 : 0 }, { _, _ in (0, 0) }),
    .init("greaterOrEqual", ds_greater_or_equal, { $0 >= $1 ? 1 : 0 }, { _, _ in (0, 0) }),
  ]

  private init(
    _ name: String, _ function: ds_binary, _ value: @escaping @Sendable (Double, Double) -> Double,
    _ slopes: @escaping @Sendable (Double, Double) -> (Double, Double)
  ) {
    (testDescription, self.function, self.value, self.slopes) = (name, function, value, slopes)
  }
}

@Suite(.watchedMemory) struct BroadcastTests {
  /// Halves, so that equal pairs occur.
  static func numbers(_ count: Int, _ random: inout Random) -> [Float] {
    (0..<count).map { _ in Float(random.int(1...6)) / 2 }
  }

  static func extent(_ offsets: [Int]) -> Int { (offsets.max() ?? -1) + 1 }

  @Test(arguments: instructionSets, Binary.all) func functionsOfTwoNumbers(set: String, binary: Binary) {
    let k = kernels(set)
    var random = Random(4)
    for turn in 0..<60 {
      let loop = Loop.random(&random), rows = random.int(0...4), offsets = loop.offsets(rows)
      var c = loop.c
      let one = loop.offsets(1)  // what all rows share exists without rows
      let a = Self.numbers(Self.extent((loop.aRow == 0 ? one : offsets).map(\.a)), &random)
      let b = Self.numbers(Self.extent((loop.bRow == 0 ? one : offsets).map(\.b)), &random)
      let x = Floats(a), z = Floats(b), y = Floats.empty(Self.extent(offsets.map(\.y)))
      k.binary(binary.function, rows, &c, x.p, z.p, y.p)
      let values = offsets.map { binary.value(Double(a[$0.a]), Double(b[$0.b])) }
      expectClose(y.values, values, 3e-7, "seed 4, turn \(turn): \(loop), \(rows) rows")

      let gradients = random.floats(y.count), dy = Floats(gradients)
      for side in 0...1 {
        for start in 0...1 {
          let before = random.floats(side == 0 ? a.count : b.count), d = Floats(before)
          var expected = start == 1 ? before.map { _ in 0 } : before.doubles
          for (o, g) in zip(offsets, gradients) {
            let slopes = binary.slopes(Double(a[o.a]), Double(b[o.b]))
            if side == 0 { expected[o.a] += Double(g) * slopes.0 } else { expected[o.b] += Double(g) * slopes.1 }
          }
          k.binary_backward(binary.function, Int32(side), rows, &c, Int32(start), x.p, z.p, y.p, dy.p, d.p)
          expectClose(d.values, expected, 3e-6, "seed 4, turn \(turn), side \(side): \(loop), \(rows) rows")
        }
      }
    }
  }

  @Test(arguments: instructionSets) func gradientsDoNotDependOnChunks(set: String) {
    let k = kernels(set)
    var random = Random(5)
    for _ in 0..<40 {
      var loop = Loop.random(&random)
      loop.bRow = 0
      var c = loop.c
      let offsets = loop.offsets(5)
      let a = Floats(random.floats(Self.extent(offsets.map(\.a)))),
        b = Floats(random.floats(Self.extent(offsets.map(\.b))))
      let dy = Floats(random.floats(Self.extent(offsets.map(\.y)))), whole = Floats.empty(b.count),
        cut = Floats.empty(b.count)
      k.binary_backward(ds_multiply, 1, 5, &c, 1, a.p, b.p, dy.p, dy.p, whole.p)
      k.binary_backward(ds_multiply, 1, 2, &c, 1, a.p, b.p, dy.p, dy.p, cut.p)
      let y = dy.p + 2 * loop.yRow
      k.binary_backward(ds_multiply, 1, 3, &c, 0, a.p + 2 * loop.aRow, b.p, y, y, cut.p)
      expectSame(cut.values, whole.values, "\(loop)")
    }
  }

  @Test func wideSetsAgree() {
    for binary in Binary.all {
      expectSameOnWideSets("\(binary)") { k in
        var random = Random(6), all: [Float] = []
        for _ in 0..<20 {
          let loop = Loop.random(&random), offsets = loop.offsets(3)
          var c = loop.c
          let a = Floats(random.floats(Self.extent(offsets.map(\.a)), 0.1, 2))
          let b = Floats(random.floats(Self.extent(offsets.map(\.b)), 0.1, 2)),
            y = Floats.empty(Self.extent(offsets.map(\.y)))
          let d = Floats.empty(a.count)
          k.binary(binary.function, 3, &c, a.p, b.p, y.p)
          k.binary_backward(binary.function, 0, 3, &c, 1, a.p, b.p, y.p, y.p, d.p)
          all += y.values + d.values
        }
        return all
      }
    }
  }

  @Test(arguments: instructionSets) func notANumberWins(set: String) {
    let k = kernels(set)
    var c = Loop(shape: [2], aShape: [2], bShape: [2]).c
    let a = Floats([.nan, 1]), b = Floats([1, .nan]), y = Floats.empty(2)
    for function in [ds_maximum, ds_minimum, ds_add] {
      k.binary(function, 1, &c, a.p, b.p, y.p)
      #expect(y.values.allSatisfy { $0.isNaN })
    }
  }

  @Test(arguments: instructionSets) func copiesWithStrides(set: String) {
    let k = kernels(set)
    var random = Random(7)
    for turn in 0..<100 {
      // any strides of a; y is dense, in an order of its own
      var loop = Loop.random(&random, axes: 1...4)
      if turn % 3 == 0 {  // large enough for squares in registers
        let shape = [random.int(1...2), random.int(14...40), random.int(1...2), random.int(14...40)]
        loop = Loop(shape: shape, aShape: shape, bShape: shape)
      }
      let axes = loop.size.count, rows = random.int(0...3)
      var order = Array(0..<axes)
      for i in order.indices { order.swapAt(i, random.int(0...(axes - 1))) }
      var step = 1
      for axis in order {
        loop.y[axis] = step
        step *= loop.size[axis]
      }
      loop.yRow = step
      var c = loop.c
      let offsets = loop.offsets(rows)
      let a = random.floats(Self.extent(offsets.map(\.a))), x = Floats(a), y = Floats.empty(rows == 0 ? 0 : rows * step)
      var expected = [Double](repeating: 0, count: y.count)
      for o in offsets { expected[o.y] = Double(a[o.a]) }
      k.strided(rows, &c, 0, x.p, y.p)
      expectClose(y.values, expected, 0, "seed 7, turn \(turn): \(loop)")

      // and back, adding up where a repeats
      var back = loop
      (back.a, back.y, back.aRow, back.yRow) = (loop.y, loop.a, loop.yRow, loop.aRow)
      var b = back.c
      let sums = Floats(a)
      var expectedSums = a.doubles
      for o in offsets { expectedSums[o.a] += Double(a[o.a]) }
      k.strided(rows, &b, 1, y.p, sums.p)
      expectClose(sums.values, expectedSums, 5e-5, "seed 7, turn \(turn): \(back)")
    }
  }
}
