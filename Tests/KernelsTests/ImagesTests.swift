import DeepSwiftKernels
import Testing

/// What the kernels compute is compared with a formula in the tests of the ops; here no instruction set may differ from
/// another, nor touch memory that is not its own.
@Suite(.watchedMemory) struct ImagesTests {
  @Test(arguments: instructionSets) func warping(set: String) {
    let k = kernels(set), baseline = kernels("baseline")
    var random = Random(31)
    for _ in 0..<60 {
      let height = random.int(1...6), width = random.int(1...6), channels = random.int(1...20)
      let rows = random.int(1...6), columns = random.int(1...6), images = random.int(0...3)
      let fills = [ds_fill_constant, ds_fill_nearest, ds_fill_reflect, ds_fill_wrap]
      var warp = ds_warp(
        height: height, width: width, channels: channels, out_height: rows, out_width: columns,
        bilinear: Int32(random.int(0...1)), fill: fills[random.int(0...3)], value: 0.25)
      let count = images * height * width * channels, outputs = images * rows * columns * channels
      let x = Floats(random.floats(count)), dy = Floats(random.floats(outputs))
      let maps = Floats(random.floats(6 * images).map { $0 * 4 })
      let y = Floats.empty(outputs), expected = Floats.empty(outputs)
      let dx = Floats.empty(count), gradient = Floats.empty(count)
      k.warp(&warp, images, x.p, maps.p, 6, y.p)
      baseline.warp(&warp, images, x.p, maps.p, 6, expected.p)
      k.warp_backward(&warp, images, dy.p, maps.p, 6, dx.p)
      baseline.warp_backward(&warp, images, dy.p, maps.p, 6, gradient.p)
      expectClose(y.values, expected.values.doubles, 1e-4, atLeast: 1)
      expectClose(dx.values, gradient.values.doubles, 1e-4, atLeast: 1)
      // What is taken from the image is given back: Σ y dy = Σ x dx where nothing is filled.
      if warp.fill != ds_fill_constant {
        let there = zip(y.values.doubles, dy.values.doubles).reduce(0) { $0 + $1.0 * $1.1 }
        let back = zip(x.values.doubles, dx.values.doubles).reduce(0) { $0 + $1.0 * $1.1 }
        #expect((there - back).magnitude < 1e-3)
      }
    }
  }

  @Test(arguments: instructionSets) func resampling(set: String) {
    let k = kernels(set)
    var random = Random(32)
    for _ in 0..<60 {
      let outer = random.int(0...3), from = random.int(1...9), to = random.int(1...9), inner = random.int(1...40)
      let taps = random.int(1...from)
      let first = (0..<to).map { _ in Int32(random.int(0...(from - taps))) }
      let weights = random.floats(to * taps), a = random.floats(outer * from * inner), g = random.floats(outer * to * inner)
      let x = Floats(a), w = Floats(weights), y = Floats.empty(g.count), dy = Floats(g), dx = Floats.empty(a.count)
      var expected = [Double](repeating: 0, count: g.count), gradient = [Double](repeating: 0, count: a.count)
      for o in 0..<outer {
        for j in 0..<to {
          for t in 0..<taps {
            for c in 0..<inner {
              let (there, here) = ((o * from + Int(first[j]) + t) * inner + c, (o * to + j) * inner + c)
              expected[here] += Double(weights[j * taps + t]) * Double(a[there])
              gradient[there] += Double(weights[j * taps + t]) * Double(g[here])
            }
          }
        }
      }
      k.resample(outer, from, to, inner, taps, first, w.p, x.p, y.p)
      expectClose(y.values, expected, 1e-5, atLeast: 1)
      k.resample_backward(outer, from, to, inner, taps, first, w.p, dy.p, dx.p)
      expectClose(dx.values, gradient, 1e-5, atLeast: 1)
    }
  }
}
