import DeepSwiftKernels
import Foundation
import Testing

@Suite(.watchedMemory) struct ReductionTests {
  static let all = [ds_sum, ds_mean, ds_most, ds_least, ds_product, ds_argmax]

  /// A dense x, some of whose axes vanish. `a` walks x, `y` the result.
  static func loop(_ random: inout Random) -> (loop: Loop, count: Int) {
    var loop = Loop.random(&random, axes: 1...4)
    let kept = loop.size.map { random.bool() ? 1 : $0 }
    loop.a = Loop.strides(loop.size, in: loop.size)
    loop.y = Loop.strides(kept, in: loop.size)
    loop.aRow = loop.size.reduce(1, *)
    loop.yRow = kept.reduce(1, *)
    return (loop, loop.aRow / loop.yRow)
  }

  static func value(_ function: ds_reduction, _ x: [Double]) -> Double {
    switch function {
    case ds_sum: return x.reduce(0, +)
    case ds_mean: return x.reduce(0, +) / Double(x.count)
    case ds_most: return x.max()!
    case ds_least: return x.min()!
    case ds_product: return x.reduce(1, *)
    default: return Double(x.firstIndex(of: x.max()!)!)
    }
  }

  static func gradient(_ function: ds_reduction, _ x: [Double]) -> [Double] {
    let extreme = function == ds_most ? x.max() : function == ds_least ? x.min() : nil
    switch function {
    case ds_sum: return x.map { _ in 1 }
    case ds_mean: return x.map { _ in 1 / Double(x.count) }
    case ds_most, ds_least:
      let ties = Double(x.filter { $0 == extreme }.count)
      return x.map { $0 == extreme ? 1 / ties : 0 }
    case ds_product: return x.indices.map { i in x.indices.reduce(1) { $1 == i ? $0 : $0 * x[$1] } }
    default: return x.map { _ in 0 }
    }
  }

  @Test(arguments: instructionSets) func reductions(set: String) {
    let k = kernels(set)
    var random = Random(8)
    for turn in 0..<80 {
      let (loop, count) = Self.loop(&random), rows = random.int(0...3), offsets = loop.offsets(rows)
      var c = loop.c
      for function in Self.all {
        // few different numbers, so that ties and zeros occur; near 1, so that products stay small
        let a = (0..<rows * loop.aRow).map { _ in
          function == ds_product ? Float([0.75, 1, 1.25, -1, 0][random.int(0...4) % 5]) : Float(random.int(-4...4)) / 4
        }
        var groups = [[Int]](repeating: [], count: rows * loop.yRow)
        for o in offsets { groups[o.y].append(o.a) }
        let x = Floats(a), y = Floats.empty(rows * loop.yRow), dy = Floats(random.floats(rows * loop.yRow))
        let dx = Floats.empty(a.count)
        k.reduce(function, rows, &c, count, x.p, y.p)
        expectClose(
          y.values, groups.map { Self.value(function, $0.map { Double(a[$0]) }) }, 1e-6,
          "seed 8, turn \(turn): \(function) \(loop), \(rows) rows")
        k.reduce_backward(function, rows, &c, count, x.p, y.p, dy.p, dx.p)
        var expected = [Double](repeating: 0, count: a.count)
        for (group, g) in zip(groups, dy.values) {
          for (i, slope) in zip(group, Self.gradient(function, group.map { Double(a[$0]) })) {
            expected[i] = slope * Double(g)
          }
        }
        expectClose(dx.values, expected, 1e-6, "seed 8, turn \(turn): \(function) \(loop), \(rows) rows")
      }
    }
  }

  @Test(arguments: instructionSets) func notANumberIsAnExtreme(set: String) {
    let k = kernels(set)
    for axis in 0...1 {
      for place in [0, 3, 19] {
        var loop = Loop(shape: [20, 20], aShape: [20, 20], bShape: [20, 20])
        loop.y = axis == 0 ? [0, 1] : [1, 0]
        loop.yRow = 20
        var c = loop.c, a = [Float](repeating: 1, count: 400)
        a[place * 21] = .nan
        let x = Floats(a), y = Floats.empty(20)
        for function in [ds_most, ds_least, ds_sum] {
          k.reduce(function, 1, &c, 20, x.p, y.p)
          #expect(y.values.enumerated().allSatisfy { $1.isNaN == ($0 == place) })
        }
        k.reduce(ds_argmax, 1, &c, 20, x.p, y.p)
        #expect(y.values[place] == Float(place))
      }
    }
  }

  @Test func wideSetsAgree() {
    expectSameOnWideSets { k in
      var random = Random(9), all: [Float] = []
      for _ in 0..<40 {
        let (loop, count) = Self.loop(&random)
        var c = loop.c
        let x = Floats(random.floats(2 * loop.aRow)), y = Floats.empty(2 * loop.yRow), dx = Floats.empty(x.count)
        for function in Self.all {
          k.reduce(function, 2, &c, count, x.p, y.p)
          k.reduce_backward(function, 2, &c, count, x.p, y.p, y.p, dx.p)
          all += y.values + dx.values
        }
      }
      return all
    }
  }

  @Test(arguments: instructionSets) func sumsOfTermsAndColumns(set: String) {
    let k = kernels(set)
    var random = Random(10)
    for columns in [1, 3, 16, 33, 80, 131] {
      let rows = random.int(1...6), first = random.int(0...(columns - 1)), last = random.int(first...columns)
      let a = random.floats(rows * columns), x = Floats(a), before = random.floats(columns)
      let sums = (0..<columns).map { n in (0..<rows).reduce(0) { $0 + Double(a[$1 * columns + n]) } }
      let y = Floats(before)
      k.sum_terms(rows, columns, x.p, y.p, first, last)
      expectClose(y.values, before.indices.map { first <= $0 && $0 < last ? sums[$0] : Double(before[$0]) })
      for start in 0...1 {
        let y = Floats(before)
        k.column_sums(rows, columns, Int32(start), x.p, y.p, first, last)
        expectClose(
          y.values,
          before.indices.map {
            first <= $0 && $0 < last ? sums[$0] + (start == 1 ? 0 : Double(before[$0])) : Double(before[$0])
          })
      }
      let whole = Floats.empty(columns), cut = Floats.empty(columns)
      k.column_sums(rows, columns, 1, x.p, whole.p, 0, columns)
      k.column_sums(1, columns, 1, x.p, cut.p, 0, first)
      k.column_sums(1, columns, 1, x.p, cut.p, first, columns)
      k.column_sums(rows - 1, columns, 0, x.p + columns, cut.p, 0, columns)
      expectSame(cut.values, whole.values)
    }
  }
}
