import DeepSwift
import DeepSwiftEngine
import DeepSwiftTraining

/// Models and data for tests of saving: small, but with everything that a training may have to remember.
enum SmallModels {
  static let x = Tensor.random(uniform: -1...1, shape: [37, 4], seed: 1)
  static let y = x.sum(axis: 1, keepDimensions: true)

  /// Statistics that move, dropout that draws, an optimizer with numbers of its own.
  static func regressor(seed: UInt64 = 5, units: Int = 6, _ optimizer: any Optimizer = .adam(learningRate: 0.01)) throws
    -> Sequential
  {
    let model = Sequential {
      Input(shape: [4])
      Dense(units, activation: .relu)
      BatchNormalization(momentum: 0.8)
      Dropout(0.3)
      Dense(1)
    }
    model.seed = seed
    try model.compile(optimizer: optimizer, loss: .meanSquaredError, metrics: [.meanAbsoluteError])
    return model
  }

  /// Two inputs and outputs, a shared layer, a model inside, a frozen layer.
  static func network(seed: UInt64 = 5) throws -> Model {
    let a = Input(shape: [4], name: "a"), b = Input(shape: [4], name: "b")
    let tower = Shared(Dense(3, activation: .tanh))
    let inner = Sequential(name: "inner") {
      Dense(3)
      BatchNormalization()
    }
    let joined = Concatenate()([tower(a), inner(tower(b))])
    let model = Model(inputs: [a, b], outputs: [Dense(1, name: "first")(joined), Dense(2, name: "second")(joined)])
    model.seed = seed
    try model.layer(named: "dense").trainable = false
    try model.compile(optimizer: .sgd(learningRate: 0.05, momentum: 0.9), loss: .meanSquaredError)
    return model
  }

  static let inputs = ["a": x, "b": x * 2]
  static let targets = ["first": y, "second": x[0..., 0..<2]]
}

/// The bits of all weights, and of all the optimizer's numbers.
func allBits(_ model: Model) -> [String: [UInt32]] {
  var bits = model.weights.all.mapValues { $0.floats.map(\.bitPattern) }
  guard let state = model.optimizer?.state else { return bits }
  for place in state.places(in: model) { bits[place.name] = state.view(place.slot, of: place.parameter).floats.map(\.bitPattern) }
  bits["iterations"] = [UInt32(state.iteration)]
  return bits
}

/// What `body` says when it fails.
func spoken(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "nothing was thrown"
  } catch { return (error as? ModelError)?.description ?? "no ModelError: \(error)" }
}
