import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

/// What an object of Keras' is for: where it stands in Keras, and in which module its counterpart is found.
enum KerasKind: String, CaseIterable {
  case layer, initializer, regularizer, schedule, optimizer, loss, metric

  /// Keras' module.
  var module: String {
    switch self {
    case .layer: "keras.layers"
    case .initializer: "keras.initializers"
    case .regularizer: "keras.regularizers"
    case .schedule: "keras.optimizers.schedules"
    case .optimizer: "keras.optimizers"
    case .loss: "keras.losses"
    case .metric: "keras.metrics"
    }
  }

  /// The library's.
  private var home: String {
    switch self {
    case .layer: "DeepSwiftLayers"
    case .initializer, .regularizer: "DeepSwiftEngine"
    case .schedule, .optimizer, .loss, .metric: "DeepSwiftTraining"
    }
  }

  private func admits(_ type: Any.Type) -> Bool {
    switch self {
    case .layer: type is any Layer.Type
    case .initializer: type is any Initializer.Type
    case .regularizer: type is any Regularizer.Type
    case .schedule: type is any LearningRateSchedule.Type
    case .optimizer: type is any Optimizer.Type
    case .loss: type is any Loss.Type
    case .metric: type is any Metric.Type
    }
  }

  init?(of value: Any) {
    guard let kind = Self.allCases.first(where: { $0.admits(Swift.type(of: value)) }) else { return nil }
    self = kind
  }

  /// The kind that a protocol asks for: `any Initializer`, or that as an optional.
  init?(required type: Any.Type) {
    switch ObjectIdentifier(type) {
    case ObjectIdentifier((any Layer).self), ObjectIdentifier((any Layer)?.self): self = .layer
    case ObjectIdentifier((any Initializer).self), ObjectIdentifier((any Initializer)?.self): self = .initializer
    case ObjectIdentifier((any Regularizer).self), ObjectIdentifier((any Regularizer)?.self): self = .regularizer
    case ObjectIdentifier((any LearningRateSchedule).self): self = .schedule
    default: return nil
    }
  }

  /// The type that stands for Keras' class: of the library if `module` is Keras', else of the program that has that module.
  func type(named name: String, module: String?) -> Any.Type? {
    guard let kerasClass = PlainName(name) else { return nil }
    if KerasKind.isKeras(module) {
      if let known = KerasKind.aliases[self]?[name] { return known }
      return found(kerasClass, in: home)
    }
    return module.flatMap { PlainName($0) }.flatMap { found(kerasClass, in: $0.text) }
  }

  private func found(_ name: PlainName, in module: String) -> Any.Type? {
    PlainName(module).flatMap { $0.type(name) }.flatMap { admits($0) ? $0 : nil }
  }

  static func isKeras(_ module: String?) -> Bool {
    guard let module else { return true }
    return ["keras", "tf_keras", "tensorflow"].contains { module == $0 || module.hasPrefix($0 + ".") } || module == "builtins"
  }

  /// Classes of Keras' whose counterpart is called something else.
  private static let aliases: [KerasKind: [String: Any.Type]] = [
    .layer: Dictionary(uniqueKeysWithValues: ActivationFunction.kerasLayers.map { ($0, Activation.self) }),
    .initializer: [
      "Identity": IdentityInitializer.self, "OrthogonalInitializer": Orthogonal.self, "LecunNormalV2": LecunNormal.self,
    ],
    .optimizer: [
      "AdamW": Adam.self, "Adamw": Adam.self, "Sgd": SGD.self, "Rmsprop": RMSprop.self, "RMSProp": RMSprop.self,
    ],
    .loss: [
      "KlDivergence": KLDivergence.self, "Kld": KLDivergence.self, "Logcosh": LogCosh.self, "Mse": MeanSquaredError.self,
      "Mae": MeanAbsoluteError.self, "Mape": MeanAbsolutePercentageError.self, "Msle": MeanSquaredLogarithmicError.self,
    ],
    .metric: [
      "TopKCategoricalAccuracy": TopKAccuracy.self, "SparseTopKCategoricalAccuracy": TopKAccuracy.self,
      // Keras' class compares for equality; its name in lower case stands for what DeepSwift calls so.
      "Accuracy": Never.self,
    ],
  ]
}
