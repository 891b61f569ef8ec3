@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct ConvolutionOpTests {
  @Test(arguments: [Padding.valid, .same]) func sizesAndStrides(padding: Padding) {
    for (kernel, stride) in [((1, 1), (1, 1)), ((3, 3), (1, 1)), ((2, 3), (2, 1)), ((3, 2), (2, 3)), ((5, 5), (2, 2))] {
      checkGradients([6, 7, 2], parameters: [Numbers([kernel.0, kernel.1, 2, 3])], rows: [1, 3]) { x, w in
        x[0].convolved(w[0], strides: stride, padding: padding)
      }
    }
  }

  @Test(arguments: [Padding.valid, .same]) func dilation(padding: Padding) {
    checkGradients([7, 7, 2], parameters: [[3, 3, 2, 3]]) { x, w in
      x[0].convolved(w[0], padding: padding, dilation: (2, 3))
    }
  }

  @Test(arguments: [2, 4]) func groups(groups: Int) {
    checkGradients([5, 5, 4], parameters: [Numbers([3, 3, 4 / groups, 8]), [8]]) { x, w in
      relu(x[0].convolved(w[0], padding: .same, groups: groups) + w[1])
    }
  }

  // 3x3 with stride 1 and many channels goes through Winograd's transforms.
  @Test(arguments: [(8, 8), (16, 16), (3, 32), (32, 16)]) func channels(inputs: Int, filters: Int) {
    checkGradients(Numbers([8, 9, inputs]), parameters: [Numbers([3, 3, inputs, filters]), Numbers([filters])], rows: [1, 5]) {
      x, w in
      relu(x[0].convolved(w[0], padding: .same) + w[1])
    }
  }

  /// Switched off, Winograd's rounding is gone, and nothing else has changed.
  @Test func winogradCanBeSwitchedOff() throws {
    var random = TestSupport.Random(7)
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in random.float() } }
    let x = Input(shape: [12, 12, 16]), kernel = Node(Tensor(numbers(9 * 16 * 16), shape: [3, 3, 16, 16]))
    let y = x.convolved(kernel, padding: .same), row = numbers(x.shape.count)
    func output(usesWinograd: Bool) throws -> [Float] {
      var settings = ProgramSettings()
      (settings.mode, settings.usesWinograd) = (.inference, usesWinograd)
      let program = try Program(inputs: [x], outputs: [y], settings: settings)
      program.run(on: Samples([row], [x.shape], rows: 1))
      return program.outputs(0, rows: 1, of: y)
    }
    let quick = try output(usesWinograd: true), direct = try output(usesWinograd: false)
    #expect(quick != direct)
    expectClose(quick, direct, tolerance: 2e-5)
  }

  /// The image of a single row is shared out, and every number stays the one that it has among other rows.
  @Test(arguments: [1, 2, 3, 7]) func oneRowIsSharedOut(workers: Int) throws {
    func outputs(_ y: Node, of x: Node, _ row: [Float], capacity: Int) throws -> (values: [Float], plan: String) {
      var settings = ProgramSettings()
      (settings.mode, settings.capacity, settings.workers) = (.inference, capacity, workers)
      let program = try Program(inputs: [x], outputs: [y], settings: settings)
      program.spoil()
      program.run(on: Samples([row], [x.shape], rows: 1))
      return (program.outputs(0, rows: 1, of: y), program.description)
    }
    func expectShared(_ y: Node, of x: Node, _ random: inout TestSupport.Random, _ note: String) throws -> Bool {
      let row = (0..<x.shape.count).map { _ in random.float() }
      let alone = try outputs(y, of: x, row, capacity: 1), among = try outputs(y, of: x, row, capacity: 4)
      #expect(alone.values == among.values, "seed 31: \(note)")
      #expect(!among.plan.contains("shared\n    conv"))
      return alone.plan.contains("shared\n    conv")
    }
    var random = TestSupport.Random(31), shared = 0
    func weight(_ shape: Shape) -> Node { Node(Tensor((0..<shape.count).map { _ in random.float() }, shape: shape)) }
    for _ in 0..<40 {
      let kernel = (1 + random.int(below: 5), random.int(below: 3) * 2 + 1)
      let strides = (1 + random.int(below: 3), 1 + random.int(below: 2))
      let inputs = [8, 16, 20, 32][random.int(below: 4)], filters = [16, 33, 48][random.int(below: 3)]
      let dilation = strides == (1, 1) ? (1 + random.int(below: 3), 1 + random.int(below: 2)) : (1, 1)
      let isSame = random.int(below: 2) == 0, x = Input(shape: [21 + random.int(below: 40), 19 + random.int(below: 40), inputs])
      let y = relu(
        x.convolved(
          weight([kernel.0, kernel.1, inputs, filters]), strides: strides, padding: isSame ? .same : .valid, dilation: dilation)
          + weight([filters]))
      guard y.error == nil else { continue }
      let note = "\(x.shape), kernel \(kernel), strides \(strides), dilation \(dilation), same: \(isSame), \(filters) filters"
      if try expectShared(y, of: x, &random, note) { shared += 1 }
    }
    let words = Input(shape: [100, 256])
    if try expectShared(words.matmul(weight([256, 200])), of: words, &random, "a sequence") { shared += 1 }
    #expect(workers == 1 ? shared == 0 : shared > 10)
    // Not worth the workers' meeting.
    let small = Input(shape: [12, 12, 3])
    #expect(try !expectShared(small.convolved(weight([3, 3, 3, 4])), of: small, &random, "a small one"))
  }

  @Test func severalInARow() {
    checkGradients([8, 8, 3], parameters: [[3, 3, 3, 16], [16], [3, 3, 16, 16], [16]], rows: [1, 3]) { x, w in
      let h = relu(x[0].convolved(w[0], padding: .same) + w[1])
      return relu(h.convolved(w[2], padding: .same) + w[3]).maxPooled((2, 2))
    }
  }

  @Test func ofASharedImage() {
    checkGradients([], parameters: [[5, 5, 2], [3, 3, 2, 4], [4]]) { x, w in x[0] * (w[0].convolved(w[1]) + w[2]) }
  }

  @Test func aFrozenKernel() {
    checkGradients([5, 5, 2], parameters: [[3, 3, 2, 4], [4]]) { x, w in
      relu(x[0].convolved(stopGradient(w[0])) + w[1])
    }
  }

  @Test func faults() {
    let kernel = Node(Tensor.zeros([3, 3, 2, 4])), x = Input(shape: [5, 5, 2])
    expectFault(Input(shape: [5, 5]).convolved(kernel), "[height, width, channels]", "[5, 5]", "Reshape([5, 5, 1])")
    expectFault(Input(shape: [5, 5, 3]).convolved(kernel), "input has 3 channels", "expects 2")
    expectFault(Input(shape: [2, 5, 2]).convolved(kernel), "window of height 3", "height 2", "padding: .same")
    expectFault(x.convolved(kernel, strides: (0, 1)), "stride 0")
    expectFault(x.convolved(kernel, dilation: (1, 0)), "dilation 0")
    expectFault(x.convolved(Input(shape: [3, 3, 2, 4])), "kernel is computed from samples")
  }
}
