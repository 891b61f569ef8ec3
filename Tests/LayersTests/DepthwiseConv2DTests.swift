import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct DepthwiseConv2DTests {
  @Test func contract() {
    checkLayer(DepthwiseConv2D(kernelSize: 3), input: [6, 5, 2], output: [4, 3, 2], weights: ["kernel", "bias"])
    checkLayer(
      DepthwiseConv2D(kernelSize: [3, 2], strides: 2, padding: .same, depthMultiplier: 3, activation: .relu),
      input: [6, 5, 2], output: [3, 3, 6], weights: ["kernel", "bias"])
    checkLayer(
      DepthwiseConv2D(kernelSize: 2, dilationRate: 2, useBias: false), input: [6, 5, 2], output: [4, 3, 2], weights: ["kernel"])
  }

  @Test func refusals() {
    checkRefusal(DepthwiseConv2D(kernelSize: 3), of: [28, 28], saying: "[height, width, channels]", "[28, 28]")
    checkRefusal(DepthwiseConv2D(kernelSize: 3, strides: -1), of: [8, 8, 1], saying: "strides must be positive")
    checkRefusal(DepthwiseConv2D(kernelSize: 9), of: [8, 8, 1], saying: "height 9", "height 8")
  }
}
