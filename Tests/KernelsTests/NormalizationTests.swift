import DeepSwiftKernels
import Foundation
import Testing

@Suite(.watchedMemory) struct NormalizationTests {
  @Test(arguments: instructionSets) func batchNormalization(set: String) {
    let k = kernels(set)
    var random = Random(30)
    for channels in [1, 3, 10, 16, 17, 32, 70, 130] {
      let pixels = random.int(1...30), count = pixels * channels
      let a = random.floats(count, 1, 3), g = random.floats(count), m = random.floats(count)
      let x = Floats(a), dy = Floats(g), mask = Floats(m), y = Floats.empty(count), dx = Floats.empty(count)
      let vectors = (0..<5).map { _ in random.floats(channels, 0.2, 2) }, v = vectors.map { Floats($0) }
      func perElement(_ f: (Int, Int) -> Double) -> [Double] { (0..<count).map { f($0, $0 % channels) } }
      func perChannel(_ f: (Int, Int) -> Double) -> [Double] {
        (0..<channels).map { c in (0..<pixels).reduce(0) { $0 + f($1 * channels + c, c) } }
      }
      func d(_ i: Int, _ c: Int) -> Double { Double(vectors[i][c]) }

      let before = random.floats(2 * channels), sums = Floats(before)
      let moments =
        perChannel { i, c in Double(a[i]) - d(0, c) } + perChannel { i, c in pow(Double(a[i]) - d(0, c), 2) }
      k.batch_moments(pixels, channels, x.p, v[0].p, 0, sums.p)
      expectClose(sums.values, zip(before, moments).map { Double($0) + $1 }, 3e-6, atLeast: 1)
      let first = min(2, pixels)
      k.batch_moments(first, channels, x.p, v[0].p, 1, sums.p)
      k.batch_moments(pixels - first, channels, x.p + first * channels, v[0].p, 0, sums.p)
      expectClose(sums.values, moments, 3e-6, atLeast: 1)
      let whole = Floats.empty(2 * channels)
      k.batch_moments(pixels, channels, x.p, v[0].p, 1, whole.p)
      expectSame(whole.values, sums.values, "chunks")

      k.batch_apply(pixels, channels, x.p, v[0].p, v[1].p, nil, 0, y.p)
      expectClose(y.values, perElement { i, c in Double(a[i]) * d(0, c) + d(1, c) })
      k.batch_apply(pixels, channels, dy.p, v[0].p, v[1].p, nil, 1, y.p)
      expectClose(y.values, perElement { i, c in max(Double(g[i]) * d(0, c) + d(1, c), 0) }, 1e-6, atLeast: 1)
      k.batch_apply(pixels, channels, dy.p, v[0].p, v[1].p, x.p, 1, y.p)
      expectClose(
        y.values, perElement { i, c in max(Double(g[i]) * d(0, c) + d(1, c) + Double(a[i]), 0) }, 1e-6, atLeast: 1)

      k.batch_backward_moments(first, channels, x.p, dy.p, v[0].p, v[1].p, 1, sums.p)
      k.batch_backward_moments(
        pixels - first, channels, x.p + first * channels, dy.p + first * channels, v[0].p, v[1].p, 0, sums.p)
      expectClose(
        sums.values,
        perChannel { i, _ in Double(g[i]) } + perChannel { i, c in Double(g[i]) * (Double(a[i]) - d(0, c)) * d(1, c) },
        3e-6, atLeast: 1)
      k.batch_backward_moments(pixels, channels, x.p, dy.p, v[0].p, v[1].p, 1, whole.p)
      expectSame(whole.values, sums.values, "chunks")

      let expected = perElement { i, c in
        (Double(g[i]) - d(3, c) - (Double(a[i]) - d(0, c)) * d(1, c) * d(4, c)) * d(2, c)
      }
      k.batch_backward(pixels, channels, x.p, dy.p, v[0].p, v[1].p, v[2].p, v[3].p, v[4].p, nil, dx.p)
      expectClose(dx.values, expected, 1e-6, atLeast: 1)
      k.batch_backward(pixels, channels, x.p, dy.p, v[0].p, v[1].p, v[2].p, v[3].p, v[4].p, mask.p, dx.p)
      expectClose(dx.values, expected.indices.map { m[$0] > 0 ? expected[$0] : 0 }, 1e-6, atLeast: 1)
    }
  }

  @Test(arguments: instructionSets) func layerNormalization(set: String) {
    let k = kernels(set)
    var random = Random(31)
    for width in [1, 2, 5, 16, 24, 33, 64, 130] {
      let rows = random.int(0...5), count = rows * width, a = random.floats(count, 9, 12), g = random.floats(count)
      let x = Floats(a), dy = Floats(g), y = Floats.empty(count), statistics = Floats.empty(2 * rows)
      let scale = random.floats(width), shift = random.floats(width), gamma = Floats(scale), beta = Floats(shift)
      for plain in [false, true] {
        func row(_ r: Int) -> (mean: Double, inverse: Double, normal: [Double]) {
          let x = a[r * width..<(r + 1) * width].map(Double.init), mean = x.reduce(0, +) / Double(width)
          let inverse = 1 / (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width) + 1e-3).squareRoot()
          return (mean, inverse, x.map { ($0 - mean) * inverse })
        }
        k.layer_norm(rows, width, 1e-3, x.p, plain ? nil : gamma.p, plain ? nil : beta.p, y.p, statistics.p)
        let normals = (0..<rows).map(row)
        expectClose(
          y.values,
          normals.flatMap { $0.normal.enumerated().map { plain ? $1 : $1 * Double(scale[$0]) + Double(shift[$0]) } },
          2e-5, atLeast: 1)
        expectClose(statistics.values, normals.flatMap { [$0.mean, $0.inverse] }, 3e-5)

        var sums = [Double](repeating: 0, count: 2 * width), expected: [Double] = []
        for r in 0..<rows {
          let (_, inverse, normal) = normals[r], dy = g[r * width..<(r + 1) * width].map(Double.init)
          let scaled = dy.enumerated().map { plain ? $1 : $1 * Double(scale[$0]) }
          let mean = scaled.reduce(0, +) / Double(width),
            along = zip(scaled, normal).reduce(0) { $0 + $1.0 * $1.1 } / Double(width)
          expected += zip(scaled, normal).map { inverse * ($0 - mean - $1 * along) }
          for i in 0..<width {
            sums[i] += dy[i] * normal[i]
            sums[width + i] += dy[i]
          }
        }
        let dx = Floats.empty(count), whole = Floats.empty(2 * width), cut = Floats.empty(2 * width)
        let scaleOrNil = plain ? nil : gamma.p
        k.layer_norm_backward(rows, width, x.p, statistics.p, scaleOrNil, dy.p, 1, dx.p, whole.p)
        expectClose(dx.values, expected, 5e-5, "width \(width)", atLeast: 1)
        expectClose(whole.values, sums, 2e-5, atLeast: 1)
        let first = min(rows, 2)
        k.layer_norm_backward(first, width, x.p, statistics.p, scaleOrNil, dy.p, 1, nil, cut.p)
        k.layer_norm_backward(
          rows - first, width, x.p + first * width, statistics.p + 2 * first, scaleOrNil, dy.p + first * width, 0,
          dx.p + first * width, cut.p)
        expectSame(cut.values, whole.values, "chunks")
        k.layer_norm_backward(rows, width, x.p, statistics.p, scaleOrNil, dy.p, 1, y.p, nil)
        expectSame(y.values, dx.values)
      }
    }
  }

  @Test func wideSetsAgree() {
    expectSameOnWideSets { k in
      var random = Random(32), all: [Float] = []
      for width in [3, 16, 40, 70] {
        let x = Floats(random.floats(5 * width)), v = Floats(random.floats(width)), y = Floats.empty(5 * width)
        let sums = Floats.empty(2 * width), statistics = Floats.empty(10)
        k.batch_moments(5, width, x.p, v.p, 1, sums.p)
        all += sums.values
        k.batch_backward(5, width, x.p, x.p, v.p, v.p, v.p, v.p, v.p, x.p, y.p)
        all += y.values
        k.layer_norm(5, width, 1e-3, x.p, v.p, v.p, y.p, statistics.p)
        all += y.values + statistics.values
        k.layer_norm_backward(5, width, x.p, statistics.p, v.p, x.p, 1, y.p, sums.p)
        all += y.values + sums.values
      }
      return all
    }
  }
}
