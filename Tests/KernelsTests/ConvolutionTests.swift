import DeepSwiftKernels
import Foundation
import Testing

/// The geometry of a convolution, and its plain twin in double precision.
struct Convolution: CustomStringConvertible {
  var c = ds_convolution()
  var depthwise = false

  /// A square one with padding all around.
  init(height: Int, width: Int, inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, pad: Int, groups: Int = 1) {
    (c.height, c.width, c.inputs, c.outputs) = (Int32(height), Int32(width), Int32(inputs), Int32(outputs))
    (c.kernel_height, c.kernel_width, c.stride_height, c.stride_width) = (
      Int32(kernel), Int32(kernel), Int32(stride), Int32(stride)
    )
    (c.dilation_height, c.dilation_width, c.pad_top, c.pad_left) = (1, 1, Int32(pad), Int32(pad))
    c.out_height = Int32((height + 2 * pad - kernel) / stride + 1)
    c.out_width = Int32((width + 2 * pad - kernel) / stride + 1)
    c.groups = Int32(groups)
  }

  /// Any sizes, strides, dilations, groups, and any padding before and behind.
  init(_ random: inout Random, depthwise: Bool = false) {
    let groups = depthwise ? 1 : random.int(0...3) == 0 ? random.int(2...3) : 1
    self.depthwise = depthwise
    c.groups = Int32(groups)
    c.inputs = Int32(groups * [1, 2, 3, 5, 8, 16, 19][random.int(0...6)])
    c.outputs =
      depthwise ? c.inputs * Int32(random.int(1...3)) : Int32(groups * [1, 2, 7, 10, 16, 20, 33][random.int(0...6)])
    func axis() -> (size: Int, kernel: Int, stride: Int, dilation: Int, pad: Int, out: Int) {
      while true {
        let size = random.int(1...14), kernel = random.int(1...5)
        let stride = random.bool() ? 1 : random.int(1...4), dilation = random.bool() ? 1 : random.int(1...3)
        let span = (kernel - 1) * dilation + 1, before = random.bool() ? 0 : random.int(0...(span + 1)),
          behind = random.int(0...3)
        let room = size + before + behind - span
        if room >= 0 { return (size, kernel, stride, dilation, before, room / stride + 1) }
      }
    }
    let v = axis(), h = axis()
    (c.height, c.kernel_height, c.stride_height) = (Int32(v.size), Int32(v.kernel), Int32(v.stride))
    (c.dilation_height, c.pad_top, c.out_height) = (Int32(v.dilation), Int32(v.pad), Int32(v.out))
    (c.width, c.kernel_width, c.stride_width) = (Int32(h.size), Int32(h.kernel), Int32(h.stride))
    (c.dilation_width, c.pad_left, c.out_width) = (Int32(h.dilation), Int32(h.pad), Int32(h.out))
  }

  var description: String {
    "\(c.height)x\(c.width)x\(c.inputs) -> \(c.out_height)x\(c.out_width)x\(c.outputs), kernel \(c.kernel_height)x\(c.kernel_width), "
      + "strides \(c.stride_height) \(c.stride_width), dilation \(c.dilation_height) \(c.dilation_width), "
      + "pads \(c.pad_top) \(c.pad_left), groups \(c.groups)"
  }

  var inputCount: Int { Int(c.height * c.width * c.inputs) }
  var outputCount: Int { Int(c.out_height * c.out_width * c.outputs) }
  var kernelCount: Int {
    Int(c.kernel_height * c.kernel_width * c.outputs) * (depthwise ? 1 : Int(c.inputs / c.groups))
  }

  /// body(x, w, y): indices of every product.
  func overProducts(_ images: Int, _ body: (Int, Int, Int) -> Void) {
    let (inputs, outputs) = (Int(c.inputs), Int(c.outputs))
    let groupInputs = depthwise ? 1 : inputs / Int(c.groups),
      groupOutputs = depthwise ? outputs / inputs : outputs / Int(c.groups)
    for n in 0..<images {
      for oy in 0..<Int(c.out_height) {
        for ox in 0..<Int(c.out_width) {
          for i in 0..<Int(c.kernel_height) {
            for j in 0..<Int(c.kernel_width) {
              let y = oy * Int(c.stride_height) + i * Int(c.dilation_height) - Int(c.pad_top)
              let x = ox * Int(c.stride_width) + j * Int(c.dilation_width) - Int(c.pad_left)
              guard 0..<Int(c.height) ~= y, 0..<Int(c.width) ~= x else { continue }
              let from = ((n * Int(c.height) + y) * Int(c.width) + x) * inputs
              let to = ((n * Int(c.out_height) + oy) * Int(c.out_width) + ox) * outputs
              let tap = i * Int(c.kernel_width) + j
              for o in 0..<outputs {
                for k in 0..<groupInputs {
                  let w = (tap * groupInputs + k) * outputs + o
                  body(from + o / groupOutputs * groupInputs + k, w, to + o)
                }
              }
            }
          }
        }
      }
    }
  }

  struct Result { var y: [Double], dx: [Double], dw: [Double] }

  func exact(_ images: Int, x: [Float], w: [Float], dy: [Float]) -> Result {
    var r = Result(
      y: [Double](repeating: 0, count: dy.count), dx: [Double](repeating: 0, count: x.count),
      dw: [Double](repeating: 0, count: w.count))
    let (x, w, dy) = (x.doubles, w.doubles, dy.doubles)
    overProducts(images) { i, k, o in
      r.y[o] += x[i] * w[k]
      r.dx[i] += dy[o] * w[k]
      r.dw[k] += dy[o] * x[i]
    }
    return r
  }
}

@Suite(.watchedMemory) struct ConvolutionTests {
  /// Everything that the kernels compute for some images.
  struct Run {
    var y: [Float], dx: [Float], dw: [Float], db: [Float]
    var all: [Float] { y + dx + dw + db }
  }

  /// `chunks`: how the images are cut in the kernel's gradient.
  static func run(
    _ k: ds_kernels, _ convolution: Convolution, x: [Float], w: [Float], dy: [Float], bias: [Float]?, rectify: Bool,
    mask: [Float]?,
    chunks: [Int]
  ) -> Run {
    var c = convolution.c
    let images = chunks.reduce(0, +)
    let input = Floats(x), kernel = Floats(w), gradient = Floats(dy), room = Floats.empty(k.conv_workspace(&c))
    let shift = bias.map { Floats($0) }, cut = mask.map { Floats($0) }
    func packed(_ turned: Int32) -> Floats {
      let packed = Floats.empty(k.conv_packed_size(&c, turned)), parts = k.conv_pack_parts(&c, turned)
      k.conv_pack(&c, turned, kernel.p, packed.p, parts / 2, parts)
      k.conv_pack(&c, turned, kernel.p, packed.p, 0, parts / 2)
      return packed
    }
    let y = Floats.empty(dy.count), dx = Floats.empty(x.count), dw = Floats.empty(w.count)
    k.conv_forward(&c, images, input.p, packed(0).p, shift?.p, rectify ? 1 : 0, y.p, room.p)
    k.conv_backward_input(&c, images, gradient.p, packed(1).p, cut?.p, dx.p, room.p)

    let size = k.conv_sum_size(&c), sums = Floats.empty(2 * size + 5), biasSum = Floats.empty(Int(c.outputs))
    var image = 0
    for chunk in chunks {
      k.conv_backward_kernel(
        &c, chunk, input.p + image * convolution.inputCount, gradient.p + image * convolution.outputCount,
        image == 0 ? 1 : 0,
        sums.p, biasSum.p, room.p)
      image += chunk
    }
    // a second shard that counts nothing
    k.conv_backward_kernel(&c, 0, input.p, gradient.p, 1, sums.p + size + 5, nil, room.p)
    let parts = k.conv_finish_parts(&c)
    k.conv_finish(&c, 2, size + 5, sums.p, dw.p, parts / 3, parts)
    k.conv_finish(&c, 2, size + 5, sums.p, dw.p, 0, parts / 3)
    return Run(y: y.values, dx: dx.values, dw: dw.values, db: biasSum.values)
  }

  static func check(
    _ k: ds_kernels, _ convolution: Convolution, images: Int, _ random: inout Random, forward: Double = 2e-6,
    kernel: Double = 5e-6
  ) {
    let x = random.floats(images * convolution.inputCount), w = random.floats(convolution.kernelCount)
    let dy = random.floats(images * convolution.outputCount), outputs = Int(convolution.c.outputs)
    let bias = random.bool() ? random.floats(outputs) : nil, rectify = random.bool(),
      mask = random.bool() ? random.floats(x.count) : nil
    let exact = convolution.exact(images, x: x, w: w, dy: dy)
    let chunks = images == 0 ? [0] : images == 1 ? [1] : [images - 1, 1]
    let run = run(k, convolution, x: x, w: w, dy: dy, bias: bias, rectify: rectify, mask: mask, chunks: chunks)
    let y = exact.y.enumerated().map { i, v in
      let sum = v + Double(bias?[i % outputs] ?? 0)
      return rectify ? max(sum, 0) : sum
    }
    let unit = exact.y.map(abs).max() ?? 1
    expectClose(run.y, y, forward, "forward \(convolution)", atLeast: unit)
    let dx = exact.dx.enumerated().map { i, v in (mask?[i] ?? 1) > 0 ? v : 0 }
    expectClose(run.dx, dx, forward, "input gradient \(convolution)", atLeast: exact.dx.map(abs).max() ?? 1)
    expectClose(run.dw, exact.dw, kernel, "kernel gradient \(convolution)")
    var db = [Double](repeating: 0, count: outputs)
    for (i, g) in dy.enumerated() { db[i % outputs] += Double(g) }
    expectClose(run.db, db, kernel, "bias gradient \(convolution)", atLeast: 1)
  }

  @Test(arguments: instructionSets) func anyGeometry(set: String) {
    var random = Random(17)
    for turn in 0..<150 {
      let convolution = Convolution(&random)
      Self.check(kernels(set), convolution, images: turn % 10 == 0 ? 0 : random.int(1...3), &random)
    }
  }

  /// 3x3 with stride 1 and enough channels: Winograd's form where the image is large enough, the direct form below.
  @Test(arguments: instructionSets) func winograd(set: String) {
    var random = Random(18)
    for _ in 0..<40 {
      var convolution = Convolution(height: 9, width: 9, inputs: 8, outputs: 8, kernel: 3, pad: 1)
      convolution.c.inputs = [8, 9, 16, 17, 24, 32, 40, 64][random.int(0...7)]
      convolution.c.outputs = [8, 11, 16, 17, 24, 32, 33, 64][random.int(0...7)]
      convolution.c.height = Int32(random.int(3...13))
      convolution.c.width = Int32(random.int(3...13))
      convolution.c.pad_top = Int32(random.int(0...3))
      convolution.c.pad_left = Int32(random.int(0...3))
      convolution.c.out_height = convolution.c.height + convolution.c.pad_top + Int32(random.int(0...2)) - 2
      convolution.c.out_width = convolution.c.width + convolution.c.pad_left + Int32(random.int(0...2)) - 2
      Self.check(kernels(set), convolution, images: random.int(0...3), &random, forward: 1e-5, kernel: 3e-5)
    }
  }

  @Test(arguments: instructionSets) func usualLayers(set: String) {
    var random = Random(19)
    for convolution in [
      Convolution(height: 28, width: 28, inputs: 1, outputs: 32, kernel: 3, pad: 0),
      Convolution(height: 28, width: 28, inputs: 1, outputs: 6, kernel: 5, pad: 2),
      Convolution(height: 32, width: 32, inputs: 3, outputs: 32, kernel: 3, pad: 1),
      Convolution(height: 14, width: 14, inputs: 16, outputs: 32, kernel: 1, pad: 0),
      Convolution(height: 14, width: 14, inputs: 16, outputs: 32, kernel: 1, stride: 2, pad: 0),
      Convolution(height: 16, width: 16, inputs: 16, outputs: 32, kernel: 3, stride: 2, pad: 1),
      Convolution(height: 13, width: 13, inputs: 64, outputs: 10, kernel: 1, pad: 0),
      Convolution(height: 60, width: 60, inputs: 40, outputs: 3, kernel: 2, pad: 1),
      Convolution(height: 1, width: 50, inputs: 12, outputs: 20, kernel: 1, pad: 0),
      Convolution(height: 7, width: 7, inputs: 30, outputs: 12, kernel: 7, pad: 0),
      // More pixels than a strip of the pointwise gradient holds, and rows that would fight for the cache.
      Convolution(height: 1, width: 90, inputs: 128, outputs: 40, kernel: 1, pad: 0),
      Convolution(height: 10, width: 10, inputs: 256, outputs: 128, kernel: 1, pad: 0),
      Convolution(height: 1, width: 300, inputs: 5, outputs: 4, kernel: 1, pad: 0),
    ] {
      Self.check(kernels(set), convolution, images: 2, &random)
    }
  }

  @Test(arguments: instructionSets) func chunksOfImagesDoNotMatter(set: String) {
    let k = kernels(set)
    var random = Random(20)
    var cases = (0..<25).map { _ in Convolution(&random) }
    cases.append(Convolution(height: 9, width: 10, inputs: 17, outputs: 33, kernel: 3, pad: 1))
    cases.append(Convolution(height: 16, width: 16, inputs: 64, outputs: 64, kernel: 3, pad: 1))
    cases.append(Convolution(height: 1, width: 70, inputs: 128, outputs: 36, kernel: 1, pad: 0))
    for convolution in cases {
      let x = random.floats(5 * convolution.inputCount), w = random.floats(convolution.kernelCount)
      let dy = random.floats(5 * convolution.outputCount)
      let whole = Self.run(k, convolution, x: x, w: w, dy: dy, bias: nil, rectify: false, mask: nil, chunks: [5])
      let cut = Self.run(k, convolution, x: x, w: w, dy: dy, bias: nil, rectify: false, mask: nil, chunks: [2, 3])
      expectSame(cut.dw + cut.db, whole.dw + whole.db, "\(convolution)")
      // an image alone gives the same as among others
      let one = Self.run(
        k, convolution, x: Array(x.suffix(convolution.inputCount)), w: w, dy: Array(dy.suffix(convolution.outputCount)),
        bias: nil,
        rectify: false, mask: nil, chunks: [1])
      expectSame(one.y, Array(whole.y.suffix(one.y.count)), "\(convolution)")
      expectSame(one.dx, Array(whole.dx.suffix(one.dx.count)), "\(convolution)")
    }
  }

  @Test func wideSetsAgree() {
    var random = Random(21)
    var cases = (0..<25).map { _ in Convolution(&random) }
    cases.append(Convolution(height: 9, width: 10, inputs: 17, outputs: 33, kernel: 3, pad: 1))
    cases.append(Convolution(height: 12, width: 12, inputs: 40, outputs: 24, kernel: 3, pad: 0))
    for convolution in cases {
      let x = random.floats(2 * convolution.inputCount), w = random.floats(convolution.kernelCount)
      let dy = random.floats(2 * convolution.outputCount)
      expectSameOnWideSets("\(convolution)") {
        Self.run($0, convolution, x: x, w: w, dy: dy, bias: nil, rectify: true, mask: x, chunks: [2]).all
      }
    }
  }

  @Test(arguments: instructionSets) func notANumberSpreads(set: String) {
    let convolution = Convolution(height: 8, width: 8, inputs: 8, outputs: 8, kernel: 3, pad: 1)
    let direct = Convolution(height: 8, width: 8, inputs: 3, outputs: 5, kernel: 3, pad: 1)
    for c in [convolution, direct] {
      let x = [Float](repeating: .nan, count: c.inputCount), ones = [Float](repeating: 1, count: c.kernelCount)
      let dy = [Float](repeating: 1, count: c.outputCount)
      let run = Self.run(kernels(set), c, x: x, w: ones, dy: dy, bias: nil, rectify: true, mask: nil, chunks: [1])
      #expect(run.y.allSatisfy { $0.isNaN } && run.dw.allSatisfy { $0.isNaN })
    }
  }
}
