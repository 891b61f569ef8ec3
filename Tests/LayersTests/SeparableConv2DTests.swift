import DeepSwift
import TestSupport
import Testing

@Suite struct SeparableConv2DTests {
  private let names = ["depthwise_kernel", "pointwise_kernel", "bias"]

  @Test func contract() {
    checkLayer(SeparableConv2D(4, kernelSize: 3), input: [6, 5, 2], output: [4, 3, 4], weights: names)
    checkLayer(
      SeparableConv2D(3, kernelSize: [3, 2], strides: 2, padding: .same, depthMultiplier: 3, activation: .tanh),
      input: [6, 5, 2], output: [3, 3, 3], weights: names)
    checkLayer(
      SeparableConv2D(
        2, kernelSize: 2, dilationRate: 2, useBias: false, depthwiseRegularizer: .l2(0.1), pointwiseRegularizer: .l1(0.1),
        name: "apart"), input: [6, 5, 2], output: [4, 3, 2], weights: Array(names.prefix(2)))
  }

  @Test func knownValues() throws {
    let model = Sequential {
      Input(shape: [1, 2, 2])
      SeparableConv2D(1, kernelSize: [1, 2])
    }
    try model.setWeights([
      "separable_conv2d/depthwise_kernel": Tensor([1, 10, 2, 20], shape: [1, 2, 2, 1]),
      "separable_conv2d/pointwise_kernel": Tensor([1, -1], shape: [1, 1, 2, 1]), "separable_conv2d/bias": [0.5],
    ])
    // The first channel 3 · 1 + 5 · 2, the second 4 · 10 + 6 · 20.
    expectClose(try model.predict(Tensor([3, 4, 5, 6], shape: [1, 1, 2, 2])).floats, [13 - 160 + 0.5])
  }

  @Test func refusals() {
    checkRefusal(SeparableConv2D(1, kernelSize: 3), of: [28, 28], saying: "[height, width, channels]", "[28, 28]")
    checkRefusal(SeparableConv2D(1, kernelSize: 3, strides: -1), of: [8, 8, 1], saying: "strides must be positive")
    checkRefusal(SeparableConv2D(1, kernelSize: 9), of: [8, 8, 1], saying: "height 9", "height 8")
  }
}
