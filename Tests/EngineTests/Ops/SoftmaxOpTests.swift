import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct SoftmaxOpTests {
  @Test(arguments: [[7], [1], [33], [2, 3], [2, 3, 5]]) func lastAxis(shape: [Int]) {
    checkGradients(Numbers(Shape(shape), from: -3, to: 3)) { x, _ in softmax(x[0]) }
    checkGradients(Numbers(Shape(shape), from: -3, to: 3)) { x, _ in logSoftmax(x[0]) }
  }

  @Test(arguments: [0, 1, 2, -2]) func otherAxes(axis: Int) {
    checkGradients([2, 3, 4]) { x, _ in softmax(x[0], axis: axis) }
    checkGradients([2, 3, 4]) { x, _ in logSoftmax(x[0], axis: axis) }
  }

  @Test func ofWeightsAndOfRectified() {
    checkGradients([3], parameters: [[2, 3]]) { x, w in x[0] * softmax(w[0]) + x[0] * logSoftmax(w[0], axis: 0) }
    checkGradients([4], parameters: [[4, 3]]) { x, w in
      let h = relu(x[0].matmul(w[0]))
      return softmax(h) + logSoftmax(h)
    }
  }

  @Test func largeNumbers() throws {
    let x = Input(shape: [3])
    #expect(try run(softmax(x), of: x, [[1000, 1000, -1000]]) == [0.5, 0.5, 0])
    expectClose(try run(logSoftmax(x), of: x, [[200, 0, -200]]), [0, -200, -400] as [Float])
  }

  @Test func anAxisThatDoesNotExist() { expectFault(softmax(Input(shape: [2, 3]), axis: 2), "axis 2", "[2, 3]") }
}
