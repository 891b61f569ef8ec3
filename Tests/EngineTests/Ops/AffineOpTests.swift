import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct AffineOpTests {
  @Test func gradients() {
    checkGradients([2, 3]) { x, _ in 2.5 * x[0] - 1 }
    checkGradients([2, 3], parameters: [[3]]) { x, w in 1 - (x[0] + (-w[0] / 3)) }
  }

  @Test func aNumberWithoutAxes() { checkGradients([], parameters: [[]]) { x, w in (3 * x[0] + 1) * (2 - w[0]) } }

  @Test func severalInARow() { checkGradients([4]) { x, _ in ((x[0] * 2 + 1) * 3 - 4) / 5 } }
}
