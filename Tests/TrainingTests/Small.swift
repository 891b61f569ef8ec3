import DeepSwift
import Testing

/// Data and models that are small enough to train in a moment.
enum Small {
  /// Twelve samples with three features.
  static let x = Tensor.random(uniform: -1...1, shape: [12, 3], seed: 1)
  /// Their labels: two classes.
  static let labels = Tensor([0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0] as [Int32])
  /// Their values.
  static let values = x.sum(axis: 1, keepDimensions: true)

  static func classifier() throws -> Sequential {
    let model = Sequential {
      Input(shape: [3])
      Dense(4, activation: .tanh)
      Dense(2, activation: .softmax)
    }
    // Not `setRandomSeed`: other tests draw seeds at the same time.
    model.seed = 5
    try model.compile(optimizer: .sgd(learningRate: 0.1), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    return model
  }

  /// `prediction = x · kernel`, with the kernel (1, 2, 3).
  static func line(_ optimizer: any Optimizer = .sgd(learningRate: 0.1), metrics: [any Metric] = []) throws -> Sequential {
    let model = Sequential {
      Input(shape: [3])
      Dense(1, useBias: false)
    }
    try model.compile(optimizer: optimizer, loss: .meanSquaredError, metrics: metrics)
    try model.setWeights([Tensor([1, 2, 3] as [Float], shape: [3, 1])])
    return model
  }
}

/// The bits of all weights.
func bits(_ model: Model) -> [String: [UInt32]] { model.weights.all.mapValues { $0.floats.map(\.bitPattern) } }

/// What `body` throws, as a model's error.
func fault(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) -> ModelError? {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    return nil
  } catch let error as ModelError {
    return error
  } catch {
    Issue.record("\(error) is no ModelError", sourceLocation: sourceLocation)
    return nil
  }
}
