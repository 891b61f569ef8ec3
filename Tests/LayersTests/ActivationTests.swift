import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct ActivationTests {
  @Test func contract() {
    checkLayer(Activation(.gelu), input: [2, 3], output: [2, 3])
    checkLayer(Activation(.leakyRelu(negativeSlope: 0.1), name: "leaky"), input: [4], output: [4])
    checkLayer(Activation(.softmax), input: [2, 3], output: [2, 3])
  }
}
