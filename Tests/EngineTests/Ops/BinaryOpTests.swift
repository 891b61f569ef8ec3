@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct BinaryOpTests {
  private static let smooth: [BinaryOp.Function] = [.add, .subtract, .multiply, .divide, .maximum, .minimum, .power]

  /// Pairs of shapes that broadcasting matches, and what comes out.
  private static let shapes: [(a: Shape, b: Shape)] = [
    ([3], [3]), ([2, 3], [3]), ([3], [2, 3]), ([2, 3], [2, 1]), ([2, 1], [1, 3]), ([2, 3], []), ([], [2, 3]), ([], []),
    ([2, 1, 4], [3, 1]), ([2, 3, 4], [1, 3, 1]), ([1], [5]), ([4, 1], [4, 1]), ([2, 3, 2, 2], [3, 1, 2]),
    ([1, 1, 3], [2, 1]), ([17], [17]), ([3, 33], [33]), ([33, 3], [33, 1]),
  ]

  private func positive(_ shape: Shape) -> Numbers { Numbers(shape, from: 0.4, to: 2) }

  @Test(arguments: smooth) func samplesWithSamples(function: BinaryOp.Function) {
    for (a, b) in Self.shapes {
      checkGradients(positive(a), positive(b), rows: [1, 3]) { x, _ in Node(BinaryOp(function), [x[0], x[1]]) }
    }
  }

  @Test(arguments: smooth) func samplesWithWeights(function: BinaryOp.Function) {
    for (a, b) in Self.shapes {
      checkGradients(positive(a), parameters: [positive(b)], rows: [1, 7]) { x, w in Node(BinaryOp(function), [x[0], w[0]]) }
      checkGradients(positive(b), parameters: [positive(a)], rows: [2, 5]) { x, w in Node(BinaryOp(function), [w[0], x[0]]) }
    }
  }

  @Test(arguments: smooth) func weightsWithWeights(function: BinaryOp.Function) {
    for (a, b) in Self.shapes {
      checkGradients([], parameters: [positive(a), positive(b)], rows: [1, 3]) { x, w in
        x[0] * Node(BinaryOp(function), [w[0], w[1]])
      }
    }
  }

  @Test(arguments: BinaryOp.Function.allCases) func withAConstant(function: BinaryOp.Function) {
    checkGradients(positive([2, 3])) { x, _ in
      Node(BinaryOp(function), [x[0], Node(Tensor([0.5, 1, 1.5] as [Float], shape: [3]))])
    }
    checkGradients(positive([2, 3])) { x, _ in Node(BinaryOp(function), [Node(1.2), x[0]]) }
  }

  @Test(arguments: BinaryOp.Function.allCases) func rectifiedAfterwards(function: BinaryOp.Function) {
    checkGradients(positive([2, 3]), positive([3]), parameters: [positive([2, 1])]) { x, w in
      relu(Node(BinaryOp(function), [x[0], x[1]])) * w[0] + relu(Node(BinaryOp(function), [x[0], w[0]]))
    }
  }

  @Test(arguments: smooth) func ofRectified(function: BinaryOp.Function) {
    checkGradients([4], positive([3]), parameters: [[4, 3], [2, 3]]) { x, w in
      let h = relu(x[0].matmul(w[0])), k = relu(x[0].matmul(w[0] * 2))
      let f = { (a: Node, b: Node) in Node(BinaryOp(function), [a, b]) }
      return f(h + 0.3, x[1]) + f(x[1], k + 0.3) + (h + k) + (h + w[1]).mean(axis: 0) + (h - k)
    }
  }

  /// The inputs of a sum share its gradient, whoever else uses them.
  @Test func sumsPassTheirGradientOn() throws {
    checkGradients([4], [4], parameters: [[4, 4], [4]]) { x, w in
      let h = relu(x[0].matmul(w[0])), k = x[1].matmul(w[0] * w[0])
      let block = relu(h + (h.matmul(w[0]) + k))
      let twice = relu(block + block), views = block.reshaped([2, 2]).reshaped([4]) + twice
      return relu(views + tanh(views)) + (x[0] + x[1]) + (x[0] + relu(x[1])) + block * w[1]
    }
    let x = Input(shape: [20]), w = Node(Tensor.ones([20, 20]))
    let h = relu(x.matmul(w)), y = relu(h + h.matmul(w))
    var settings = ProgramSettings()
    (settings.capacity, settings.keepsInputGradients) = (3, true)
    let program = try Program(inputs: [x], outputs: [y], losses: [LossTerm(y.matmul(w).sum())], settings: settings)
    #expect(program.description.contains("add") && !program.description.contains("copy"))
  }

  @Test func ofItself() {
    checkGradients([5]) { x, _ in x[0] * x[0] + x[0] }
    checkGradients([5], parameters: [[5]]) { x, w in w[0] * w[0] * x[0] + (w[0] + w[0]) }
    checkGradients([5]) { x, _ in (x[0] + x[0]) - x[0] / (2 + x[0] * x[0]) }
  }

  @Test func comparisonsOfWhatHasWeights() {
    checkGradients([5], parameters: [[5]]) { x, w in
      let product = x[0] * w[0]
      return x[0] * (abs(product) .> 0.3) + w[0] * (product .< x[0])
    }
  }

  @Test func equalNumbers() {
    checkGradients(.whole(below: 3, [4]), .whole(below: 3, [4]), parameters: [[4]]) { x, w in
      w[0] * (x[0] .== x[1]) + 2 * (x[0] .!= x[1]) + (x[0] .<= x[1]) - 3 * (x[0] .>= x[1])
    }
  }

  @Test func manyAxes() {
    checkGradients([2, 1, 2, 1, 2, 1, 2, 1], parameters: [[1, 2, 1, 2, 1, 2, 1, 2]], rows: [1, 2]) { x, w in x[0] * w[0] }
  }

  @Test func shapesThatDoNotMatch() {
    expectFault(Input(shape: [2, 3]) + Input(shape: [2]), "cannot add shapes [2, 3] and [2]", "equal or 1")
  }
}
