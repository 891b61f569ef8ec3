import DeepSwiftEngine
import Testing
import TestSupport
import DeepSwiftLayers

@Suite struct ProbeTests {
  @Test func affine() { checkGradients([3]) { x, _ in 2 * x[0] + 1 } }
  @Test func dense() { checkGradients([5], parameters: [[5, 4], [4]]) { x, w in relu(x[0].matmul(w[0]) + w[1]) } }
  @Test func hard() { checkGradients([5], parameters: [[5]]) { x, w in ActivationFunction.hardShrink(x[0] * w[0]) } }
  @Test func layer() { checkLayer(Dense(3, activation: .relu), input: [4], output: [3], weights: ["kernel", "bias"]) }
  @Test func conv() { checkLayer(Conv2D(3, kernelSize: 3), input: [5, 5, 2], output: [3, 3, 3], weights: ["kernel", "bias"]) }
}
