import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct SelectOpTests {
  @Test func gradients() {
    checkGradients([2, 3], [2, 3], [2, 3]) { x, _ in select(x[0] .> 0, x[1], x[2]) }
  }

  @Test func broadcasting() {
    checkGradients([2, 1], [3], [2, 3]) { x, _ in select(x[0] .> 0, x[1], x[2]) }
    checkGradients([3], parameters: [[2, 1], []]) { x, w in select(x[0] .> 0, w[0], w[1]) }
    checkGradients([2, 3], parameters: [[2, 3]]) { x, w in select(w[0] .> 0, x[0], w[0]) }
    checkGradients([3], parameters: [[3], [3]]) { x, w in x[0] * select(w[0] .> 0, w[1], 2 * w[0]) }
  }

  @Test func ofRectified() {
    checkGradients([4], parameters: [[4, 3]]) { x, w in
      let h = relu(x[0].matmul(w[0]))
      return select(h .> 0.2, h, x[0].sum() * h)
    }
  }

  @Test func theBranchNotTakenMayBeInfinite() throws {
    checkGradients([5]) { x, _ in select(x[0] .> 0, sqrt(maximum(x[0], 1e-3)), square(x[0])) }
    let x = Input(shape: [3]), y = select(x .> 0, log(x), Node(7))
    #expect(try run(y, of: x, [[1, 0, -1]]) == [0, 7, 7])
  }

  @Test func shapesThatDoNotMatch() {
    expectFault(select(Input(shape: [4]), Input(shape: [2]), Input(shape: [2])), "[2]", "[4]")
  }
}
