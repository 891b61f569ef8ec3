import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct MatrixProductOpTests {
  private static let shapes: [(a: Shape, b: Shape)] = [
    ([2, 3], [3, 4]), ([1, 3], [3, 1]), ([2, 2, 3], [2, 3, 4]), ([2, 2, 3], [3, 4]), ([2, 3], [2, 3, 4]),
    ([2, 1, 2, 3], [3, 3, 2]), ([1, 2, 3], [2, 3, 2]), ([2, 2, 3], [1, 3, 2]), ([17, 5], [5, 9]),
  ]

  @Test func samplesWithSamples() {
    for (a, b) in Self.shapes { checkGradients(Numbers(a), Numbers(b)) { x, _ in x[0].matmul(x[1]) } }
  }

  @Test func samplesWithWeights() {
    for (a, b) in Self.shapes {
      checkGradients(Numbers(a), parameters: [Numbers(b)]) { x, w in x[0].matmul(w[0]) }
      checkGradients(Numbers(b), parameters: [Numbers(a)]) { x, w in w[0].matmul(x[0]) }
    }
  }

  @Test func weightsWithWeights() {
    for (a, b) in Self.shapes {
      checkGradients([], parameters: [Numbers(a), Numbers(b)]) { x, w in x[0] * w[0].matmul(w[1]) }
    }
  }

  @Test func ofRectifiedAndOfItself() {
    checkGradients([4], parameters: [[4, 6]]) { x, w in
      let h = relu(x[0].matmul(w[0])).reshaped([2, 3])
      return h.matmul(h.transposed())
    }
    checkGradients([3, 3]) { x, _ in x[0].matmul(x[0]) }
  }

  @Test func shapesThatDoNotFit() {
    expectFault(Input(shape: [2, 3]).matmul(Input(shape: [4, 2])), "[2, 3] and [4, 2]", "last axis")
  }
}
