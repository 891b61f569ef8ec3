import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct ConstantOpTests {
  @Test func values() {
    checkGradients([2]) { x, _ in x[0] * Node(Tensor([3, 4] as [Float], shape: [2])) + Node(7) }
  }

  @Test func wholeNumbersBecomeFloats() {
    checkGradients([2]) { x, _ in x[0] * Node(Tensor([3, 4] as [Int32], shape: [2])) }
  }

  @Test func nothingFlowsThroughStopGradient() {
    checkGradients([3], parameters: [[3]]) { x, w in
      let product = x[0] * w[0]
      return stopGradient(product) * x[0] + stopGradient(square(w[0])) * product
    }
    checkGradients([3], parameters: [[3, 3]]) { x, w in stopGradient(relu(x[0].matmul(w[0]))) * x[0] }
  }
}
