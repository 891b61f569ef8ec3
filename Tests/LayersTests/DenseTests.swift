import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct DenseTests {
  @Test func contract() {
    checkLayer(Dense(3), input: [4], output: [3], weights: ["kernel", "bias"])
    checkLayer(Dense(20, activation: .relu, kernelRegularizer: .l1), input: [4], output: [20], weights: ["kernel", "bias"])
    checkLayer(Dense(3, activation: .softmax, useBias: false, name: "head"), input: [2, 4], output: [2, 3], weights: ["kernel"])
  }

  @Test func refusals() {
    checkRefusal(Dense(0), of: [4], saying: "length 0")
    checkRefusal(Dense(-2), of: [4], saying: "\"kernel\"", "-2")
    checkRefusal(Dense(3), of: [], saying: "a vector is needed")
  }
}
