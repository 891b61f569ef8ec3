import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining

// MARK: Optimizers

/// An optimizer of Keras': its clipping stands in three settings, of which at most one is set.
protocol KerasOptimizer: KerasForm, Optimizer {
  /// Its numbers for a weight in Keras' order: those of a group stand together for each weight, one group after the other.
  var slotGroups: [[Int]] { get }
}

extension KerasOptimizer {
  var slotGroups: [[Int]] { (0..<slotCount).map { [$0] } }

  func write(_ config: inout JSON.Object) throws {
    let clipping = config["clipping"]?.object
    config["clipping"] = nil
    for name in GradientClipping.names { config[name] = clipping?[name] ?? .null }
    config = JSON.Object([("name", .string("\(Self.self)".lowercased()))] + zip(config.keys, config.values))
  }

  static func read(_ config: inout JSON.Object, _ reader: KerasReader) throws {
    let given = GradientClipping.names.filter { !(config[$0]?.isNull ?? true) }
    guard given.count <= 1 else { throw reader.fault("\(given.joined(separator: " and ")): only one of them can be set") }
    config["clipping"] = given.isEmpty ? .null : .object(JSON.Object(given.map { ($0, config[$0] ?? .null) }))
    for name in GradientClipping.names { config[name] = nil }
    // Keras 2 writes false where there is none.
    if config["weight_decay"] == 0.0 || config["weight_decay"] == false { config["weight_decay"] = nil }
    // The name before Keras 2.3.
    if let rate = config["lr"] {
      config["learning_rate"] = rate
      config["lr"] = nil
    }
  }
}

// The name alone, which some versions write, stands for these settings.
extension SGD: KerasOptimizer {
  static var kerasDefaults: JSON.Object { ["learning_rate": 0.01, "momentum": 0.0, "nesterov": false] }
}
extension Adam: KerasOptimizer {
  static var kerasNames: [String: String] { ["beta1": "beta_1", "beta2": "beta_2"] }
  static var kerasDefaults: JSON.Object {
    ["learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": false]
  }
  var slotGroups: [[Int]] { amsgrad ? [[0, 1], [2]] : [[0, 1]] }
}
extension RMSprop: KerasOptimizer {
  static var kerasDefaults: JSON.Object {
    ["learning_rate": 0.001, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": false]
  }
}

// MARK: Schedules

extension ExponentialDecay: KerasForm {
  static var kerasNames: [String: String] {
    ["initial": "initial_learning_rate", "steps": "decay_steps", "rate": "decay_rate"]
  }
}

extension InverseTimeDecay: KerasForm {
  static var kerasNames: [String: String] {
    ["initial": "initial_learning_rate", "steps": "decay_steps", "rate": "decay_rate"]
  }
}

extension PolynomialDecay: KerasForm {
  static var kerasNames: [String: String] {
    ["initial": "initial_learning_rate", "steps": "decay_steps", "end": "end_learning_rate"]
  }
}

extension CosineDecay: KerasForm {
  static var kerasNames: [String: String] { ["initial": "initial_learning_rate", "steps": "decay_steps"] }
  static var kerasDefaults: JSON.Object { ["warmup_target": nil, "warmup_steps": 0] }
}

extension CosineDecayRestarts: KerasForm {
  static var kerasNames: [String: String] {
    [
      "initial": "initial_learning_rate", "firstSteps": "first_decay_steps", "periodFactor": "t_mul", "peakFactor": "m_mul",
    ]
  }
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) throws {
    guard let steps = config["first_decay_steps"]?.int, steps > 0, let factor = config["t_mul"]?.double, factor >= 1 else {
      throw reader.fault("first_decay_steps must be positive, and t_mul at least 1")
    }
  }
}

extension PiecewiseConstantDecay: KerasForm {
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) throws {
    guard let boundaries = config["boundaries"]?.array, config["values"]?.array?.count == boundaries.count + 1 else {
      throw reader.fault("boundaries need one value more than there are of them")
    }
  }
}

// MARK: Losses

/// A loss of Keras': it has a name, and says how a batch's losses are joined.
protocol KerasLoss: KerasForm {}

extension KerasLoss {
  func write(_ config: inout JSON.Object) {
    config = JSON.Object(
      [("name", .string(snakeCase("\(Self.self)").drop { $0 == "_" }.description)), ("reduction", "sum_over_batch_size")]
        + zip(config.keys, config.values))
  }

  // Keras 2 names the function as well, which the class says already.
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) { config["fn"] = nil }
}

extension BinaryCrossentropy: KerasLoss {
  static var kerasDefaults: JSON.Object { crossentropyDefaults }
}
extension CategoricalCrossentropy: KerasLoss {
  static var kerasDefaults: JSON.Object { crossentropyDefaults }
}
extension SparseCategoricalCrossentropy: KerasLoss {
  static var kerasDefaults: JSON.Object { ["from_logits": false] }
}
private let crossentropyDefaults: JSON.Object = ["from_logits": false, "label_smoothing": 0.0]

extension CategoricalHinge: KerasLoss {}
extension CosineSimilarity: KerasLoss {}
extension Hinge: KerasLoss {}
extension Huber: KerasLoss {
  static var kerasDefaults: JSON.Object { ["delta": 1.0] }
}
extension KLDivergence: KerasLoss {}
extension LogCosh: KerasLoss {}
extension MeanAbsoluteError: KerasLoss {}
extension MeanAbsolutePercentageError: KerasLoss {}
extension MeanSquaredError: KerasLoss {}
extension MeanSquaredLogarithmicError: KerasLoss {}
extension Poisson: KerasLoss {}
extension SquaredHinge: KerasLoss {}
