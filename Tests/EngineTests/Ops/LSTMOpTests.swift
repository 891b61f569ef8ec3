import TestSupport
import Testing

@testable import DeepSwiftEngine

@Suite struct LSTMOpTests {
  private func weights(_ inputs: Int, _ units: Int) -> [Numbers] {
    [Numbers([inputs, 4 * units]), Numbers([units, 4 * units]), Numbers([4 * units])]
  }

  @Test(arguments: [(1, 1, 1), (3, 2, 4), (5, 3, 2), (2, 17, 3), (3, 4, 18)])
  func gradientsOfAnySize(steps: Int, inputs: Int, units: Int) {
    for output in [LSTMOutput.last, .sequence, .sequenceAndCell] {
      for goesBackwards in [false, true] {
        checkGradients(Numbers([steps, inputs]), parameters: weights(inputs, units), rows: [1, 10]) { x, w in
          x[0].lstm(
            kernel: w[0], recurrent: w[1], bias: w[2], initialState: nil, output: output, goesBackwards: goesBackwards)
        }
      }
    }
  }

  /// More steps than are gathered for one product, more rows than go through time together, several shards.
  @Test func blocksOfStepsAndGroupsOfRows() {
    checkGradients(Numbers([35, 2]), parameters: weights(2, 3), rows: [9, 21]) { x, w in
      x[0].lstm(kernel: w[0], recurrent: w[1], bias: w[2], initialState: nil, output: .sequence, goesBackwards: false)
    }
  }

  @Test func startsFromStates() {
    for output in [LSTMOutput.last, .sequenceAndCell] {
      checkGradients(Numbers([3, 2]), Numbers([5]), Numbers([5]), parameters: weights(2, 5)) { x, w in
        x[0].lstm(kernel: w[0], recurrent: w[1], bias: nil, initialState: (x[1], x[2]), output: output, goesBackwards: true)
          + 0 * w[2].sum()
      }
    }
  }

  /// A rectified input, and one that is used twice.
  @Test func gradientsBefore() {
    checkGradients(Numbers([4, 3]), parameters: weights(3, 2)) { x, w in
      let sequence = relu(x[0])
      let states = sequence.lstm(
        kernel: w[0], recurrent: w[1], bias: w[2], initialState: nil, output: .sequence, goesBackwards: false)
      return states + sequence.mean(axis: 1, keepDimensions: true)
    }
  }

  @Test func refusals() {
    let x = Input(shape: [3, 2]), y = Input(shape: [6]), w = Node(Tensor.zeros([2, 8])), u = Node(Tensor.zeros([2, 8]))
    func lstm(_ x: Node, _ kernel: Node, _ state: Node? = nil) -> Node {
      x.lstm(
        kernel: kernel, recurrent: u, bias: nil, initialState: state.map { ($0, $0) }, output: .last, goesBackwards: false)
    }
    expectFault(lstm(y, w), "[steps, features]", "[6]")
    expectFault(lstm(x, Node(Tensor.zeros([3, 8]))), "do not fit", "[3, 2]")
    expectFault(lstm(x, w, y), "[6]", "2 units")
    expectFault(lstm(x, w, Node(Tensor.zeros([2]))), "differs from sample to sample")
  }
}
