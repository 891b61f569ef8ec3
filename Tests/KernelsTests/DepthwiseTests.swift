import DeepSwiftKernels
import Testing

@Suite(.watchedMemory) struct DepthwiseTests {
  static func run(
    _ k: ds_kernels, _ convolution: Convolution, x: [Float], w: [Float], dy: [Float], bias: [Float]?, rectify: Bool,
    mask: [Float]?,
    chunks: [Int]
  ) -> ConvolutionTests.Run {
    var c = convolution.c
    let images = chunks.reduce(0, +), input = Floats(x), kernel = Floats(w), gradient = Floats(dy)
    let room = Floats.empty(k.depthwise_workspace(&c)), shift = bias.map { Floats($0) }, cut = mask.map { Floats($0) }
    let y = Floats.empty(dy.count), dx = Floats.empty(x.count), dw = Floats.empty(w.count),
      db = Floats.empty(Int(c.outputs))
    k.depthwise_forward(&c, images, input.p, kernel.p, shift?.p, rectify ? 1 : 0, y.p, room.p)
    k.depthwise_backward_input(&c, images, gradient.p, kernel.p, cut?.p, dx.p, room.p)
    var image = 0
    for chunk in chunks {
      k.depthwise_backward_kernel(
        &c, chunk, input.p + image * convolution.inputCount, gradient.p + image * convolution.outputCount,
        image == 0 ? 1 : 0, dw.p,
        db.p, room.p)
      image += chunk
    }
    return .init(y: y.values, dx: dx.values, dw: dw.values, db: db.values)
  }

  @Test(arguments: instructionSets) func anyGeometry(set: String) {
    var random = Random(22)
    for turn in 0..<100 {
      var convolution = Convolution(&random, depthwise: true)
      if turn % 4 == 0 {  // several vectors of channels
        convolution.c.outputs = convolution.c.outputs / convolution.c.inputs * 70
        convolution.c.inputs = 70
      }
      let images = turn % 10 == 0 ? 0 : random.int(1...3), outputs = Int(convolution.c.outputs)
      let x = random.floats(images * convolution.inputCount), w = random.floats(convolution.kernelCount)
      let dy = random.floats(images * convolution.outputCount)
      let bias = random.bool() ? random.floats(outputs) : nil, rectify = random.bool(),
        mask = random.bool() ? random.floats(x.count) : nil
      let exact = convolution.exact(images, x: x, w: w, dy: dy)
      let chunks = images < 2 ? [images] : [1, images - 1]
      let run = Self.run(
        kernels(set), convolution, x: x, w: w, dy: dy, bias: bias, rectify: rectify, mask: mask, chunks: chunks)
      let y = exact.y.enumerated().map { i, v in
        let sum = v + Double(bias?[i % outputs] ?? 0)
        return rectify ? max(sum, 0) : sum
      }
      expectClose(run.y, y, 2e-6, "forward \(convolution)", atLeast: 1)
      expectClose(
        run.dx, exact.dx.enumerated().map { i, v in (mask?[i] ?? 1) > 0 ? v : 0 }, 2e-6,
        "input gradient \(convolution)", atLeast: 1)
      expectClose(run.dw, exact.dw, 3e-6, "kernel gradient \(convolution)", atLeast: 1)
      var db = [Double](repeating: 0, count: outputs)
      for (i, g) in dy.enumerated() { db[i % outputs] += Double(g) }
      expectClose(run.db, db, 3e-6, "bias gradient \(convolution)", atLeast: 1)
      let whole = Self.run(
        kernels(set), convolution, x: x, w: w, dy: dy, bias: bias, rectify: rectify, mask: mask, chunks: [images])
      expectSame(whole.dw + whole.db, run.dw + run.db, "chunks \(convolution)")
    }
  }

  @Test func wideSetsAgree() {
    var random = Random(23)
    for _ in 0..<30 {
      let convolution = Convolution(&random, depthwise: true)
      let x = random.floats(convolution.inputCount), w = random.floats(convolution.kernelCount),
        dy = random.floats(convolution.outputCount)
      expectSameOnWideSets("\(convolution)") {
        Self.run($0, convolution, x: x, w: w, dy: dy, bias: nil, rectify: true, mask: x, chunks: [1]).all
      }
    }
  }
}
