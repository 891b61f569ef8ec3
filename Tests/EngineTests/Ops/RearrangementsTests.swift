import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct TranspositionOpTests {
  @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) func allOrders(order: [Int]) {
    checkGradients([2, 3, 4]) { x, _ in x[0].transposed(order) }
    checkGradients([], parameters: [[2, 3, 4]]) { x, w in x[0] * w[0].transposed(order) }
  }

  @Test func ofRectified() {
    checkGradients([4], parameters: [[4, 6]]) { x, w in relu(x[0].matmul(w[0])).reshaped([2, 3]).transposed() }
  }

  @Test func badOrders() {
    expectFault(Input(shape: [2, 3]).transposed([0, 0]), "[0, 0] is no order of the 2 axes", "0..<2")
  }
}

@Suite struct SliceOpTests {
  @Test func gradients() {
    for axis in [0, 1, 2, -1] {
      checkGradients([4, 4, 4], rows: [1, 3]) { x, _ in x[0].slice(axis: axis, 1..<3) }
      checkGradients([4, 4, 4], rows: [1, 3]) { x, _ in x[0].slice(axis: axis, 0..<4, step: 3) }
      checkGradients([4, 4, 4], rows: [1, 3]) { x, _ in x[0].slice(axis: axis, 1..<4, step: 2) }
    }
    checkGradients([5]) { x, _ in x[0][1..<3] + x[0][-1] * x[0][2..<4] }
  }

  @Test func ofWeightsAndOfRectified() {
    checkGradients([2], parameters: [[5, 2]]) { x, w in x[0] * w[0].slice(axis: 0, 0..<5, step: 2) + w[0].at(1) }
    checkGradients([4], parameters: [[4, 6]]) { x, w in relu(x[0].matmul(w[0])).slice(0..<5, step: 2) }
  }

  @Test func rangesThatDoNotFit() {
    expectFault(Input(shape: [4])[2..<5], "2..<5", "axis 0, which has 4 places")
    expectFault(Input(shape: [4])[4], "4..<5")
    expectFault(Input(shape: [4]).slice(axis: 1, 0..<1), "axis 1", "[4]")
    expectFault(Input(shape: [4]).slice(0..<4, step: 0), "by 0")
  }
}

@Suite struct PadOpTests {
  @Test func gradients() {
    checkGradients([3]) { x, _ in x[0].padded([(2, 1)], with: 0.5) }
    checkGradients([3, 2, 2]) { x, _ in x[0].padded([(1, 0), (0, 2), (1, 1)]) }
    checkGradients([3, 2]) { x, _ in x[0].padded([(0, 0), (0, 0)]) }
  }

  @Test func ofWeightsAndOfRectified() {
    checkGradients([4], parameters: [[2]]) { x, w in x[0] * w[0].padded([(1, 1)], with: 1) }
    checkGradients([4], parameters: [[4, 3]]) { x, w in relu(x[0].matmul(w[0])).padded([(1, 2)]) }
  }

  @Test func widthsThatDoNotFit() { expectFault(Input(shape: [4]).padded([(1, 1), (0, 0)]), "[4]", "each axis") }
}

@Suite struct ConcatenationOpTests {
  @Test(arguments: [0, 1, -1, -2]) func gradients(axis: Int) {
    let isRows = axis == 0 || axis == -2
    checkGradients([2, 3], isRows ? [1, 3] : [2, 5]) { x, _ in concatenate(x, axis: axis) }
  }

  @Test func sharedAndPerSample() {
    checkGradients([2, 3], parameters: [[2, 2], [2, 1]]) { x, w in concatenate([w[0], x[0], w[1]]) }
    checkGradients([2], parameters: [[3], [2]]) { x, w in concatenate([w[0], x[0], w[1], w[0]]) }
    checkGradients([5], parameters: [[3], [2]]) { x, w in x[0] * concatenate(w) }
    checkGradients([5]) { x, _ in concatenate([Node(3).reshaped([1]), x[0]]) }
  }

  @Test func theSameTwiceAndRectified() {
    checkGradients([2, 3]) { x, _ in concatenate([x[0], x[0]], axis: 0) }
    checkGradients([4], parameters: [[4, 3]]) { x, w in
      let h = relu(x[0].matmul(w[0]))
      return concatenate([h, x[0], h])
    }
  }

  @Test func shapesThatDoNotFit() {
    expectFault(concatenate([Input(shape: [2, 3]), Input(shape: [3, 3])]), "[2, 3], [3, 3]", "equal")
    expectFault(concatenate([Input(shape: [2]), Input(shape: [3, 3])]), "[2], [3, 3]")
    expectFault(concatenate([]), "nothing")
    expectFault(concatenate([Input(shape: [2])], axis: 1), "axis 1")
  }
}

@Suite struct ReshapingOpTests {
  @Test func gradients() {
    checkGradients([2, 6]) { x, _ in 2 * x[0].reshaped([3, -1]) }
    checkGradients([2, 6]) { x, _ in x[0].flattened() }
    checkGradients([6], parameters: [[2, 3]]) { x, w in x[0] * w[0].flattened() + w[0].reshaped([-1]) }
    checkGradients([3]) { x, _ in x[0].expandedDimensions(axis: 0) * x[0].expandedDimensions(axis: -1) }
    checkGradients([1, 3, 1]) { x, _ in x[0].squeezed() + x[0].squeezed(axis: 0).squeezed(axis: -1) }
  }

  @Test func viewsOfRectified() {
    checkGradients([4], parameters: [[4, 6]]) { x, w in
      let h = relu(x[0].matmul(w[0])), view = h.reshaped([2, 3])
      return view * view + view.reshaped([6]).reshaped([2, 3]) + h.sum() + softmax(view)
    }
  }

  @Test func shapesThatDoNotFit() {
    expectFault(Input(shape: [2, 3]).reshaped([4]), "6 elements of shape [2, 3]", "[4], which holds 4")
    expectFault(Input(shape: [2, 3]).reshaped([4, -1]), "a multiple of 4")
    expectFault(Input(shape: [2, 3]).reshaped([-1, -1]), "one of them at most may be -1")
    expectFault(Input(shape: [2, 3]).squeezed(axis: 0), "axis 0 of shape [2, 3]")
    expectFault(Input(shape: [2, 3]).expandedDimensions(axis: 4), "no place 4")
  }
}
