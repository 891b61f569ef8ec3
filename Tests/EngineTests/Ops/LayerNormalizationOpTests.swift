import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct LayerNormalizationOpTests {
  @Test(arguments: [[5], [1], [33], [2, 3], [2, 2, 17]]) func gradients(shape: [Int]) {
    let width = shape.last!
    checkGradients(Numbers(Shape(shape)), parameters: [Numbers([width]), Numbers([width])]) { x, w in
      x[0].layerNormalized(gamma: w[0], beta: w[1], epsilon: 0.1)
    }
  }

  @Test func ofWeightsAndOfRectified() {
    checkGradients([3], parameters: [[2, 3], [3], [3]]) { x, w in
      x[0] * w[0].layerNormalized(gamma: w[1], beta: w[2], epsilon: 0.1)
    }
    checkGradients([4], parameters: [[4, 5], [5], [5]]) { x, w in
      relu(x[0].matmul(w[0])).layerNormalized(gamma: w[1], beta: w[2], epsilon: 0.1)
    }
  }

  @Test func withConstantsOnly() {
    checkGradients([5]) { x, _ in
      x[0].layerNormalized(gamma: Node(Tensor.ones([5])), beta: Node(Tensor.zeros([5])), epsilon: 0.1)
    }
  }

  @Test func scalesFromSamples() {
    checkGradients([2, 5], [5], parameters: [[5]]) { x, w in x[0].layerNormalized(gamma: x[1], beta: w[0], epsilon: 0.1) }
  }

  @Test func faults() {
    let x = Input(shape: [5]), four = Node(Tensor.ones([4]))
    expectFault(x.layerNormalized(gamma: four, beta: four, epsilon: 0.1), "[5]")
  }
}
