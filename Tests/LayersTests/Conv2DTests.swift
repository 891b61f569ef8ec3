import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct Conv2DTests {
  @Test func contract() {
    checkLayer(Conv2D(3, kernelSize: 3), input: [6, 5, 2], output: [4, 3, 3], weights: ["kernel", "bias"])
    checkLayer(
      Conv2D(4, kernelSize: [3, 2], strides: 2, padding: .same, activation: .relu, kernelRegularizer: .l2), input: [6, 5, 2],
      output: [3, 3, 4], weights: ["kernel", "bias"])
    checkLayer(
      Conv2D(4, kernelSize: 2, dilationRate: 2, groups: 2, activation: .tanh, useBias: false), input: [6, 5, 2],
      output: [4, 3, 4], weights: ["kernel"])
    checkLayer(Conv2D(16, kernelSize: 3, padding: .same), input: [8, 8, 8], output: [8, 8, 16], weights: ["kernel", "bias"])
  }

  @Test func refusals() {
    let layer = Conv2D(4, kernelSize: 3)
    checkRefusal(layer, of: [28, 28], saying: "[height, width, channels]", "[28, 28]", "Reshape([28, 28, 1])")
    checkRefusal(layer, of: [2, 28, 1], saying: "height 3", "height 2")
    checkRefusal(Conv2D(4, kernelSize: 0), of: [8, 8, 1], saying: "kernelSize must be positive")
    checkRefusal(Conv2D(4, kernelSize: 3, dilationRate: 0), of: [8, 8, 1], saying: "dilationRate must be positive")
    checkRefusal(Conv2D(4, kernelSize: 3, groups: 3), of: [8, 8, 3], saying: "3 groups", "4 filters")
    checkRefusal(Conv2D(0, kernelSize: 3), of: [8, 8, 3], saying: "length 0")
  }
}
