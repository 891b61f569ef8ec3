import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct UpsamplingOpTests {
  @Test(arguments: [true, false]) func gradients(isBilinear: Bool) {
    for factors in [(1, 1), (2, 2), (3, 1), (1, 4), (3, 2)] {
      checkGradients([3, 4, 2]) { x, _ in x[0].upsampled(factors, bilinear: isBilinear) }
    }
    checkGradients([1, 1, 2]) { x, _ in x[0].upsampled((3, 3), bilinear: isBilinear) }
    checkGradients([], parameters: [[2, 3, 2]]) { x, w in x[0] * w[0].upsampled((2, 2), bilinear: isBilinear) }
    checkGradients([3, 4, 2], parameters: [[1, 1, 2, 3]]) { x, w in
      relu(x[0].convolved(w[0])).upsampled((2, 2), bilinear: isBilinear)
    }
  }

  @Test func faults() {
    expectFault(Input(shape: [4, 4]).upsampled((2, 2)), "[height, width, channels]", "[4, 4]")
    expectFault(Input(shape: [4, 4, 1]).upsampled((0, 2)), "length 0")
  }
}
