@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct BatchNormalizationOpTests {
  private func normalized(_ x: Node, _ w: [Node], momentum: Float = 0.9, isFrozen: Bool = false) -> Node {
    let zeros = Node(Tensor.zeros(w[0].shape)), ones = Node(Tensor.ones(w[0].shape))
    return x.batchNormalized(
      gamma: w[0], beta: w[1], movingMean: w.count > 2 ? w[2] : zeros, movingVariance: w.count > 3 ? w[3] : ones,
      momentum: momentum, epsilon: 0.1, isFrozen: isFrozen)
  }

  @Test(arguments: [1, 3, 17]) func gradients(channels: Int) {
    let weights = [Numbers([channels]), Numbers([channels])]
    checkGradients(Numbers([channels]), parameters: weights, rows: [2, 3, 7]) { x, w in
      normalized(x[0], w)
    }
    checkGradients(Numbers([3, 2, channels]), parameters: weights) { x, w in
      normalized(x[0], w)
    }
  }

  @Test func betweenConvolutions() {
    checkGradients([5, 5, 2], parameters: [[3, 3, 2, 4], [4], [4], [4], [3, 3, 4, 2]], rows: [2, 5]) { x, w in
      let h = x[0].convolved(w[0]) + w[1]
      return relu(normalized(relu(normalized(h, [w[2], w[3]])), [w[2], w[3]])).convolved(w[4])
    }
  }

  @Test func andAdded() {
    checkGradients([5], parameters: [[5, 4], [4], [4], [5, 4]], rows: [3, 7]) { x, w in
      let shortcut = relu(x[0].matmul(w[3]))
      let h = relu(shortcut + normalized(x[0].matmul(w[0]), [w[1], w[2]]))
      return relu(normalized(tanh(h), [w[1], w[2]]) + h) + normalized(h, [w[1], w[2]]) + relu(x[0].matmul(w[0]))
    }
  }

  @Test func ofRectified() {
    checkGradients([5], parameters: [[5, 4], [4], [4]], rows: [3, 7]) { x, w in
      normalized(relu(x[0].matmul(w[0])), [w[1], w[2]])
    }
  }

  @Test func ofWhatAllSamplesShare() {
    checkGradients([], parameters: [[6, 3], [3], [3]]) { x, w in x[0] * normalized(w[0], [w[1], w[2]]) }
  }

  @Test func frozen() {
    checkGradients([2, 3], parameters: [[3], [3], [3], Numbers([3], from: 0.5, to: 1.5)]) { x, w in
      normalized(x[0], w, isFrozen: true)
    }
  }

  @Test(arguments: [1, 2, 3], [1, 2, nil] as [Int?]) func movingStatistics(workers: Int, chunk: Int?) throws {
    let trace = Trace(), scope = Scope(name: "norm", title: "norm"), x = Input(shape: [2, 3])
    let weights = Weights(scope, trace, isTrainable: true)
    let y = normalized(
      x,
      [
        weights("gamma", [3], .ones), weights("beta", [3], .zeros), weights("mean", [3], .zeros, trainable: false),
        weights("variance", [3], .ones, trainable: false),
      ])
    let store = ParameterStore(trace.parameters, seed: 1)
    var settings = ProgramSettings()
    (settings.capacity, settings.workers, settings.segments.rows) = (8, workers, chunk)
    let program = try Program(inputs: [x], outputs: [y], losses: [LossTerm(y)], settings: settings)

    var random = Random(3), mean = [0.0, 0, 0], variance = [1.0, 1, 1]
    for rows in [8, 5, 1] {
      // Far from zero, where a sum of squares would lose its digits.
      let data = (0..<rows * 6).map { _ in 100 + random.float() }
      program.run(on: Samples([data], [[2, 3]], rows: rows))
      let now = channelStatistics(
        (0..<rows).map { row in data[row * 6..<row * 6 + 6].map(Double.init) }, 3)
      for c in 0..<3 {
        mean[c] = mean[c] * 0.9 + now.mean[c] * 0.1
        variance[c] = variance[c] * 0.9 + now.variance[c] * 0.1
      }
      expectClose(scope.parameters[2].tensor.floats, mean, tolerance: 1e-5, "moving mean")
      expectClose(scope.parameters[3].tensor.floats, variance, tolerance: 1e-4, "moving variance")
    }
    withExtendedLifetime(store) {}
  }

  @Test func inferenceUsesTheMovingStatistics() throws {
    let x = Input(shape: [2])
    let y = x.batchNormalized(
      gamma: Node(Tensor([2, 1] as [Float], shape: [2])), beta: Node(Tensor([0, 5] as [Float], shape: [2])),
      movingMean: Node(Tensor([1, 2] as [Float], shape: [2])), movingVariance: Node(Tensor([3, 8] as [Float], shape: [2])),
      momentum: 0.9, epsilon: 1, isFrozen: false)
    expectClose(try run(y, of: x, [[1, 2], [3, 5]]), [0, 5, 2, 6] as [Float])
  }

  @Test func faults() {
    let x = Input(shape: [4]), w = Node(Tensor.ones([3]))
    expectFault(normalized(x, [w, w]), "[4]", "[3]")
    let of = Input(shape: [4])
    expectFault(normalized(x, [of, of]), "gamma is computed from samples")
  }
}
