@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct ReductionOpTests {
  private static let axes: [[Int]?] = [nil, [], [0], [1], [2], [-1], [0, 1], [0, 2], [1, 2], [2, 0], [0, 1, 2]]

  @Test(arguments: ReductionOp.Kind.allCases, [true, false]) func gradients(kind: ReductionOp.Kind, keeps: Bool) {
    for axes in Self.axes where kind != .argmax || axes?.count == 1 {
      checkGradients([2, 3, 4], rows: [1, 3]) { x, _ in Node(ReductionOp(kind, axes: axes, keepsAxes: keeps), [x[0]]) }
    }
  }

  @Test(arguments: ReductionOp.Kind.allCases) func ofWeights(kind: ReductionOp.Kind) {
    checkGradients([3], parameters: [[2, 3]]) { x, w in x[0] * Node(ReductionOp(kind, axes: [0], keepsAxes: false), [w[0]]) }
  }

  @Test(arguments: ReductionOp.Kind.allCases) func ofRectified(kind: ReductionOp.Kind) {
    checkGradients([4], parameters: [[4, 6]]) { x, w in
      let h = relu(x[0].matmul(w[0]) + 0.5).reshaped([2, 3])
      return Node(ReductionOp(kind, axes: [1], keepsAxes: false), [h]) + h.sum()
    }
  }

  @Test func longLines() {
    checkGradients([3, 65]) { x, _ in x[0].sum(axis: 1) + x[0].max(axis: 1) }
    checkGradients([65, 3]) { x, _ in x[0].mean(axis: 0) + x[0].min(axis: 0) }
    checkGradients([5, 4, 17]) { x, _ in x[0].variance(axes: [0, 1]) }
  }

  @Test func productsWithZeros() throws {
    let x = Input(shape: [3]), y = x.product()
    #expect(try run(y, of: x, [[2, 0, 3], [2, 3, 4], [0, 0, 3]]) == [0, 24, 0])
    #expect(try gradient(of: y, toward: x, [[2, 0, 3], [2, 3, 4], [0, 0, 3]]) == [0, 6, 0, 12, 8, 6, 0, 0, 0])
  }

  @Test func equalExtremesShareTheGradient() throws {
    let x = Input(shape: [4])
    #expect(try gradient(of: x.max(), toward: x, [[1, 5, 5, 2]]) == [0, 0.5, 0.5, 0])
    #expect(try run(x.argmax(), of: x, [[1, 5, 5, 2]]) == [1])
  }

  @Test func axesThatDoNotExist() {
    expectFault(Input(shape: [2, 3]).sum(axis: 2), "axis 2", "[2, 3]", "2 axes")
  }
}
