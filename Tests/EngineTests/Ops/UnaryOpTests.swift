@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct UnaryOpTests {
  /// Numbers where the function exists and is smooth.
  private func domain(_ function: UnaryOp.Function, _ shape: Shape) -> Numbers {
    switch function {
    case .log, .squareRoot: Numbers(shape, from: 0.2, to: 3)
    case .reciprocal: Numbers(shape, from: -3, to: -0.3)
    case .log1p: Numbers(shape, from: -0.7, to: 3)
    default: Numbers(shape, from: -2, to: 2)
    }
  }

  @Test(arguments: UnaryOp.Function.allCases) func ofSamples(function: UnaryOp.Function) {
    checkGradients(domain(function, [3, 7])) { x, _ in Node(UnaryOp(function), [x[0]]) }
  }

  @Test(arguments: UnaryOp.Function.allCases) func ofWeights(function: UnaryOp.Function) {
    checkGradients([5], parameters: [domain(function, [5])]) { x, w in x[0] * Node(UnaryOp(function), [w[0]]) }
  }

  @Test(arguments: UnaryOp.Function.allCases) func ofRectified(function: UnaryOp.Function) {
    // 0.5 keeps logarithms and quotients away from the rectifier's zeros.
    checkGradients([6], parameters: [[6, 4]]) { x, w in
      Node(UnaryOp(function), [relu(x[0].matmul(w[0])) + 0.5])
    }
  }

  @Test func nothingFlowsThroughSteps() {
    checkGradients([6]) { x, _ in sign(3 * x[0]) + floor(3 * x[0]) + round(3 * x[0]) }
  }

  @Test func whatOnlyAStepUsesGetsNoGradient() {
    checkGradients([6], parameters: [[6]]) { x, w in x[0] * sign(abs(x[0] * w[0]) - 0.2) }
  }
}
