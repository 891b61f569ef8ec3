@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct NodeTests {
  @Test func aNodeUsedSeveralTimes() {
    checkGradients([4], parameters: [[4, 3], [3, 3]]) { x, w in
      let h = tanh(x[0].matmul(w[0]))
      return h.matmul(w[1]) + h * h + h.sum() - softmax(h)
    }
  }

  @Test func aWeightUsedTwice() {
    checkGradients([4, 4], parameters: [[4, 4], [4]]) { x, w in
      tanh(x[0].matmul(w[0]) + w[1]).matmul(w[0]) + w[1]
    }
  }

  @Test func faultsArePassedOn() throws {
    let bad = Input(shape: [2]) + Input(shape: [3])
    let error = try #require(bad.error)
    #expect((relu(bad) * 2 + Input(shape: [7])).error == error)
    #expect(concatenate([Input(shape: [1]), bad]).error == error)
    #expect(bad.sum().reshaped([4]).squeezed(axis: 5).error == error)
    #expect(softmax(bad, axis: 9).error == error)
    // The first fault is told, not what followed from it.
    #expect((bad + (Input(shape: [5]) + Input(shape: [6]))).error == error)
    #expect(throws: error) { try Program(inputs: [], outputs: [bad], settings: ProgramSettings()) }
  }

  @Test func tooManyAxes() {
    let x = Input(shape: [1, 1, 1, 1, 1, 1, 1, 1])
    #expect(x.error == nil)
    expectFault(x.expandedDimensions(axis: 0), "more than 8 axes")
  }

  @Test func sortedPutsInputsFirst() {
    let x = Input(shape: [2]), a = x + 1, b = a * x, c = b + a
    let order = Node.sorted([c, a])
    #expect(order.map(\.id) == [x, a, b, c].map(\.id))
  }

  @Test func deepExpressionsNeedNoStack() throws {
    var y = Input(shape: [1])
    let x = y
    for _ in 0..<20_000 { y = y + 1 }
    #expect(Node.sorted([y]).count == 20_001)
    withExtendedLifetime(x) {}
  }

  @Test func valuesThatAllSamplesShareAreNoOutput() {
    #expect { try Program(inputs: [], outputs: [Node(3)], settings: ProgramSettings()) } throws: {
      "\($0)".contains("output 0 does not depend on any input")
    }
  }

  @Test func whatDiffersFromSampleToSample() {
    let x = Input(shape: [2])
    #expect(x.isPerSample && (x + 1).isPerSample && (Node(1) * x).isPerSample)
    #expect(!Node(1).isPerSample && !(Node(1) + Node(Tensor.ones([2]))).isPerSample)
  }

  /// Random expressions: whatever is combined, values and gradients agree with the twin's.
  @Test(arguments: 0..<200 as Range<UInt64>) func anyExpression(seed: UInt64) {
    var random = Random(seed &* 7919 + 5)
    checkGradients([3], [2, 3], parameters: [[3], [3, 3], [2, 1], []], rows: [2, 5], seed: seed, tolerance: 1e-3) { x, w in
      var pool = x + w
      func any() -> Node { pool[random.int(below: pool.count)] }
      func withAxes() -> Node {
        let node = any()
        return node.shape.rank == 0 ? node.reshaped([1]) : node
      }
      for _ in 0..<(3 + random.int(below: 8)) {
        let node: Node
        switch random.int(below: 22) {
        case 0: node = any() + any()
        case 1: node = any() - any()
        case 2: node = any() * any()
        case 3: node = any() / (1 + square(any()))
        case 4: node = maximum(any(), any())
        case 5: node = relu(any())
        case 6: node = tanh(any())
        case 7: node = sigmoid(any())
        case 8: node = softmax(withAxes())
        case 9: node = any() * random.float() + random.float()
        case 10: node = withAxes().sum(axis: -1, keepDimensions: random.int(below: 2) == 0)
        case 11: node = withAxes().mean(axis: 0)
        case 12: node = withAxes().max(axis: -1, keepDimensions: true)
        case 13: node = withAxes().transposed()
        case 14:
          let a = withAxes()
          node = a.shape.last == 3 ? a.matmul(w[1]) : a.flattened()
        case 15:
          let a = withAxes()
          node = concatenate([a, a * random.float()], axis: 0)
        case 16:
          let a = withAxes()
          node = a.slice(axis: 0, 0..<a.shape[0], step: 2)
        case 17: node = select(any() .> random.float(), any(), any())
        case 18: node = square(any())
        case 19:
          let a = withAxes()
          node = a.shape.last == 3 ? relu(a.matmul(w[1]) + w[0]) : relu(a)
        case 20:
          let a = withAxes()
          node = a.layerNormalized(
            gamma: Node(Tensor.ones([a.shape.last])), beta: Node(Tensor.zeros([a.shape.last])), epsilon: 0.3)
        default: node = x[0].sum() * any()
        }
        // Keeps the graph going: shapes that do not fit, or grow too large, are left out.
        if node.error == nil, node.shape.count <= 40, node.shape.rank <= 4 { pool.append(node) }
      }
      return pool.suffix(3).reduce(Node(0)) { $0 + $1.sum() } + pool.last! * 0.5
    }
  }
}
