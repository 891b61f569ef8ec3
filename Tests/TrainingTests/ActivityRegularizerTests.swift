import DeepSwift
import Testing

/// What layers add to the loss for the size of their outputs. Numbers of a whole training are in the fixtures from Keras.
@Suite struct ActivityRegularizerTests {
  /// `x`, and `0.25 · Σ|x|` for the loss.
  private struct Costly: Layer {
    func forward(_ x: Node, _ weights: Weights) -> Node {
      weights.addLoss(0.25 * abs(x).sum())
      return x
    }
  }

  /// With predictions as targets the loss is the penalty alone: the mean over the samples of `0.5 · Σy²`.
  private func penalty(_ layer: any Layer, _ x: Tensor) throws -> (loss: Double, expected: Double) {
    let model = Sequential([layer])
    try model.compile(optimizer: .sgd, loss: .meanSquaredError)
    let y = try model.predict(x)
    let squares = y.floats.reduce(0.0) { $0 + Double($1) * Double($1) }
    return (try model.evaluate(x, y, batchSize: 4, verbose: .silent).loss, 0.5 * squares / Double(x.shape[0]))
  }

  @Test func everyLayerThatHasOneUsesIt() throws {
    let vectors = Tensor.random(uniform: -1...1, shape: [10, 6], seed: 1)
    let images = Tensor.random(uniform: -1...1, shape: [10, 5, 5, 2], seed: 2)
    let words = Tensor.random(integers: 0..<7, shape: [10, 3], seed: 3)
    let cases: [(any Layer, Tensor)] = [
      (Dense(4, activation: .relu, activityRegularizer: .l2(0.5)), vectors),
      (Dense(20, useBias: false, activityRegularizer: .l2(0.5)), vectors),
      (Conv2D(3, kernelSize: 3, activation: .relu, activityRegularizer: .l2(0.5)), images),
      (DepthwiseConv2D(kernelSize: 2, activityRegularizer: .l2(0.5)), images),
      (Embedding(7, 4, activityRegularizer: .l2(0.5)), words),
    ]
    for (layer, x) in cases {
      let (loss, expected) = try penalty(layer, x)
      #expect(expected > 0 && (loss - expected).magnitude < 1e-5 * expected, "\(type(of: layer)): \(loss), \(expected)")
    }
  }

  @Test func aLayerOfOnesOwnAddsToTheLoss() throws {
    let x = Tensor([1, -3, 2, 2] as [Float], shape: [2, 2])
    let model = Sequential([Costly()])
    try model.compile(optimizer: .sgd, loss: .meanSquaredError)
    // 0.25 · (4 + 4) / 2
    #expect(try model.evaluate(x, x, verbose: .silent).loss == 1)
  }

  @Test func trainingMakesActivationsSmaller() throws {
    let x = Tensor.random(uniform: -1...1, shape: [16, 4], seed: 4)
    func size(_ regularizer: (any Regularizer)?) throws -> Float {
      let model = Sequential([Dense(3, activityRegularizer: regularizer), Dense(1)])
      model.seed = 3
      try model.compile(optimizer: .sgd(learningRate: 0.1), loss: .meanSquaredError)
      try model.fit(x, Tensor.zeros([16, 1]), epochs: 20, verbose: .silent)
      return model.layers[0].weights["kernel"]!.floats.reduce(0) { $0 + $1 * $1 }
    }
    #expect(try size(.l2(1)) < 0.1 * size(nil))
  }
}
