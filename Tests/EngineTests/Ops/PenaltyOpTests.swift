import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct PenaltyOpTests {
  @Test(arguments: [(0.3, 0), (0, 0.2), (0.3, 0.2)] as [(Float, Float)]) func gradients(l1: Float, l2: Float) {
    checkGradients([], parameters: [[3, 5]]) { x, w in x[0] * w[0].penalty(l1: l1, l2: l2) + w[0].sum() }
    checkGradients([3, 5]) { x, _ in x[0].penalty(l1: l1, l2: l2) }
    checkGradients([4], parameters: [[4, 5]]) { x, w in relu(x[0].matmul(w[0])).penalty(l1: l1, l2: l2) }
  }
}
