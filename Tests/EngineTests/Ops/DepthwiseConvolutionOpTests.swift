import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct DepthwiseConvolutionOpTests {
  @Test(arguments: [Padding.valid, .same], [1, 3]) func gradients(padding: Padding, multiplier: Int) {
    for (stride, dilation) in [((1, 1), (1, 1)), ((2, 1), (1, 1)), ((1, 1), (2, 1))] {
      checkGradients([6, 5, 3], parameters: [Numbers([3, 2, 3, multiplier]), Numbers([3 * multiplier])], rows: [1, 3]) { x, w in
        relu(x[0].depthwiseConvolved(w[0], strides: stride, padding: padding, dilation: dilation) + w[1])
      }
    }
  }

  @Test func manyChannels() {
    checkGradients([6, 6, 20], parameters: [[3, 3, 20, 1]]) { x, w in x[0].depthwiseConvolved(w[0], padding: .same) }
  }

  @Test func ofASharedImageAndOfRectified() {
    checkGradients([], parameters: [[4, 4, 2], [3, 3, 2, 2], [4]]) { x, w in
      x[0] * (w[0].depthwiseConvolved(w[1]) + w[2])
    }
    checkGradients([4, 4, 2], parameters: [[1, 1, 2, 2], [3, 3, 2, 2]]) { x, w in
      relu(x[0].convolved(w[0])).depthwiseConvolved(w[1])
    }
  }

  @Test func faults() {
    expectFault(Input(shape: [5]).depthwiseConvolved(Node(Tensor.zeros([3, 3, 2, 1]))), "[height, width, channels]", "[5]")
    expectFault(
      Input(shape: [5, 5, 3]).depthwiseConvolved(Node(Tensor.zeros([3, 3, 2, 1]))), "3 channels", "expects 2")
  }
}
