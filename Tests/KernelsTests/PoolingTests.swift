import DeepSwiftKernels
import Foundation
import Testing

@Suite(.watchedMemory) struct PoolingTests {
  static func geometry(_ random: inout Random) -> ds_pooling {
    var p = ds_pooling()
    p.channels = [1, 3, 8, 16, 21, 40][random.int(0...5)]
    func axis() -> (Int32, Int32, Int32, Int32, Int32) {
      while true {
        let size = random.int(1...12), window = random.int(1...4), stride = random.int(1...4),
          before = random.int(0...(window - 1))
        let space = size + before + random.int(0...(window - 1)) - window
        if space >= 0 { return (Int32(size), Int32(window), Int32(stride), Int32(before), Int32(space / stride + 1)) }
      }
    }
    (p.height, p.window_height, p.stride_height, p.pad_top, p.out_height) = axis()
    (p.width, p.window_width, p.stride_width, p.pad_left, p.out_width) = axis()
    return p
  }

  static func halving(_ height: Int32, _ width: Int32, _ channels: Int32) -> ds_pooling {
    ds_pooling(
      height: height, width: width, channels: channels, window_height: 2, window_width: 2, stride_height: 2,
      stride_width: 2,
      pad_top: 0, pad_left: 0, out_height: height / 2, out_width: width / 2)
  }

  /// For every output element, the elements of x that its window holds and their places in the window.
  static func windows(_ p: ds_pooling, _ images: Int) -> [[(x: Int, place: Int)]] {
    var all: [[(x: Int, place: Int)]] = []
    for n in 0..<images {
      for oy in 0..<Int(p.out_height) {
        for ox in 0..<Int(p.out_width) {
          for c in 0..<Int(p.channels) {
            var window: [(x: Int, place: Int)] = []
            for i in 0..<Int(p.window_height) {
              for j in 0..<Int(p.window_width) {
                let y = oy * Int(p.stride_height) - Int(p.pad_top) + i,
                  x = ox * Int(p.stride_width) - Int(p.pad_left) + j
                guard 0..<Int(p.height) ~= y, 0..<Int(p.width) ~= x else { continue }
                window.append(
                  (((n * Int(p.height) + y) * Int(p.width) + x) * Int(p.channels) + c, i * Int(p.window_width) + j))
              }
            }
            all.append(window)
          }
        }
      }
    }
    return all
  }

  /// Room for the winners of `count` windows, of as many bytes each as the kernel says.
  struct Codes {
    let p: UnsafeMutableRawPointer
    private let read: () -> [Int]
    var values: [Int] { read() }

    init(_ k: ds_kernels, _ geometry: UnsafePointer<ds_pooling>, count: Int) {
      if k.max_pool_code_bytes(geometry) == 1 {
        let codes = Guarded<UInt8>([UInt8](repeating: 7, count: count))
        (p, read) = (UnsafeMutableRawPointer(codes.p), { codes.values.map(Int.init) })
      } else {
        let codes = Guarded<UInt16>([UInt16](repeating: 7, count: count))
        (p, read) = (UnsafeMutableRawPointer(codes.p), { codes.values.map(Int.init) })
      }
    }
  }

  @Test(arguments: instructionSets) func maximaAndAverages(set: String) {
    let k = kernels(set)
    var random = Random(24)
    var cases = (0..<80).map { _ in Self.geometry(&random) }
    cases += [Self.halving(8, 8, 32), Self.halving(7, 9, 5), Self.halving(2, 2, 17), Self.halving(4, 6, 3)]
    var large = Self.geometry(&random)
    (large.height, large.width, large.channels, large.window_height, large.window_width) = (9, 10, 5, 9, 9)
    (large.stride_height, large.stride_width, large.pad_top, large.pad_left, large.out_height, large.out_width) = (
      1, 1, 0, 0, 1, 2
    )
    cases.append(large)
    // 254 places still have codes of one byte, 255 and more have two.
    for (rows, columns) in [(2, 127), (15, 17), (20, 20)] as [(Int32, Int32)] {
      (large.height, large.width, large.window_height, large.window_width) = (rows, columns + 1, rows, columns)
      cases.append(large)
    }
    for (turn, p) in cases.enumerated() {
      var p = p
      let images = turn % 9 == 0 ? 0 : random.int(1...3), count = images * Int(p.height * p.width * p.channels)
      let outputs = images * Int(p.out_height * p.out_width * p.channels), windows = Self.windows(p, images)
      // few different numbers, so that ties occur
      let a = (0..<count).map { _ in Float(random.int(-4...6)) / 2 }, g = random.floats(outputs)
      let x = Floats(a), y = Floats.empty(outputs), dy = Floats(g), dx = Floats.empty(count)
      let places = Int(p.window_height * p.window_width), nowhere = places < 255 ? 255 : 65535
      #expect(k.max_pool_code_bytes(&p) == (places < 255 ? 1 : 2))
      let codes = Codes(k, &p, count: outputs)
      for rectified in 0...1 {
        let relu = rectified == 1 ? a.map { max($0, 0) } : a, input = Floats(relu)
        k.max_pool(&p, images, Int32(rectified), input.p, y.p, codes.p)
        let winners = windows.map { window in window.first { w in window.allSatisfy { relu[$0.x] <= relu[w.x] } }! }
        #expect(y.values == winners.map { relu[$0.x] }, "seed 24, turn \(turn): \(p)")
        #expect(codes.values == winners.map { rectified == 1 && relu[$0.x] <= 0 ? nowhere : $0.place }, "\(p)")
        k.max_pool(&p, images, Int32(rectified), input.p, dy.p, nil)
        #expect(dy.values == y.values)
        for i in g.indices { dy.p[i] = g[i] }
        var expected = [Double](repeating: 0, count: count)
        for (o, w) in winners.enumerated() where rectified == 0 || relu[w.x] > 0 { expected[w.x] += Double(g[o]) }
        k.max_pool_backward(&p, images, dy.p, codes.p, dx.p)
        expectClose(dx.values, expected, 1e-6, "seed 24, turn \(turn): \(p)")
      }
      k.average_pool(&p, images, x.p, y.p)
      expectClose(
        y.values, windows.map { $0.reduce(0) { $0 + Double(a[$1.x]) } / Double($0.count) }, 1e-6, "\(p)", atLeast: 1)
      var expected = [Double](repeating: 0, count: count)
      for (o, window) in windows.enumerated() {
        for w in window { expected[w.x] += Double(g[o]) / Double(window.count) }
      }
      k.average_pool_backward(&p, images, dy.p, dx.p)
      expectClose(dx.values, expected, 1e-6, "\(p)", atLeast: 1)
    }
  }

  @Test(arguments: instructionSets) func notANumberWins(set: String) {
    let k = kernels(set)
    for window: Int32 in [2, 3] {
      for place in 0..<Int(window * window) {
        var p = Self.halving(window, window, 1)
        (p.window_height, p.window_width, p.out_height, p.out_width) = (window, window, 1, 1)
        var a = [Float](repeating: 1, count: Int(window * window))
        a[place] = .nan
        let x = Floats(a), y = Floats.empty(1), codes = Codes(k, &p, count: 1)
        k.max_pool(&p, 1, 0, x.p, y.p, codes.p)
        #expect(y.values[0].isNaN && codes.values == [place])
      }
    }
  }

  @Test(arguments: instructionSets, [false, true]) func enlarging(set: String, bilinear: Bool) {
    let k = kernels(set)
    var random = Random(25)
    for _ in 0..<40 {
      let images = random.int(0...2), height = random.int(1...5), width = random.int(1...5),
        channels = random.int(1...20)
      let v = random.int(1...3), h = random.int(1...4), count = images * height * width * channels
      let a = random.floats(count), g = random.floats(count * v * h)
      let x = Floats(a), y = Floats.empty(g.count), dy = Floats(g), dx = Floats.empty(count)
      var expected = [Double](repeating: 0, count: g.count), gradient = [Double](repeating: 0, count: count)
      /// The neighbours of a place of the output and their weights.
      func neighbours(_ at: Int, _ factor: Int, _ size: Int) -> [(Int, Double)] {
        guard bilinear else { return [(at / factor, 1)] }
        let place = min(max((Double(at) + 0.5) / Double(factor) - 0.5, 0), Double(size - 1)), low = Int(place)
        return [(low, 1 - place + Double(low)), (min(low + 1, size - 1), place - Double(low))]
      }
      for n in 0..<images {
        for r in 0..<height * v {
          for q in 0..<width * h {
            for (i, s) in neighbours(r, v, height) {
              for (j, t) in neighbours(q, h, width) {
                for c in 0..<channels {
                  let from = ((n * height + i) * width + j) * channels + c,
                    to = ((n * height * v + r) * width * h + q) * channels + c
                  expected[to] += Double(a[from]) * s * t
                  gradient[from] += Double(g[to]) * s * t
                }
              }
            }
          }
        }
      }
      k.upsample(images, height, width, channels, v, h, bilinear ? 1 : 0, x.p, y.p)
      expectClose(y.values, expected, 1e-6, atLeast: 1)
      k.upsample_backward(images, height, width, channels, v, h, bilinear ? 1 : 0, dy.p, dx.p)
      expectClose(dx.values, gradient, 2e-6, atLeast: 1)
    }
  }
}
