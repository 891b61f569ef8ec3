import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

/// An operation that Keras wrote down because it was used between layers: `x + y`, `2 * x`, `ops.relu(x)`.
struct KerasOperation {
  private let name: String
  /// What it is called in the model; Keras 3.0 does not write it among the settings.
  private let title: String
  private let config: JSON.Object

  struct None: Error {}

  init(_ json: JSON) throws {
    guard let name = json["class_name"]?.string, Self.isWritten(as: name, json),
      Self.functions[name] != nil || Self.joining[name] != nil || Self.scaling.contains(name)
    else { throw None() }
    self.name = name
    config = json["config"]?.object ?? [:]
    title = config["name"]?.string ?? json["name"]?.string ?? name.lowercased()
  }

  /// In an .h5 file Keras 3 does not say whether `Add` is the layer or the operation. Only the operation takes numbers.
  private static func isWritten(as name: String, _ json: JSON) -> Bool {
    if let module = json["module"]?.string { return module.hasPrefix("keras.src.ops.") || module.hasPrefix("keras.ops") }
    guard let operands = json["inbound_nodes"]?.array?.first?["args"]?.array else { return false }
    let isLayerToo = joining[name] != nil || name == "Softmax"
    return !isLayerToo || operands.contains { $0.double != nil }
  }

  private static var joining: [String: any Layer] {
    ["Add": Add(), "Subtract": Subtract(), "Multiply": Multiply(), "Maximum": Maximum(), "Minimum": Minimum()]
  }
  private static let scaling: Set = ["Add", "Subtract", "Multiply", "Divide", "TrueDivide", "Negative"]
  private static let functions: [String: ActivationFunction] = [
    "Relu": .relu, "Relu6": .relu6, "Sigmoid": .sigmoid, "Tanh": .tanh, "Softmax": .softmax, "LogSoftmax": .logSoftmax,
    "Softplus": .softplus, "Softsign": .softsign, "Silu": .silu, "Elu": .elu, "Celu": .celu, "Selu": .selu, "Gelu": .gelu,
    "LeakyRelu": .leakyRelu, "HardSigmoid": .hardSigmoid, "HardSilu": .hardSilu, "HardTanh": .hardTanh,
    "LogSigmoid": .logSigmoid, "TanhShrink": .tanhShrink, "SparsePlus": .sparsePlus, "SparseSigmoid": .sparseSigmoid,
    "Exp": .exponential,
  ]

  /// The function of one operand, if it is one. All of its settings must mean something here.
  private func function(_ reader: KerasReader) throws -> ActivationFunction? {
    guard var function = Self.functions[name] else { return nil }
    for (setting, value) in zip(config.keys, config.values) where setting != "name" && !value.isNull {
      switch (name, setting, value.double.map { Float($0) }) {
      case ("Softmax", "axis", -1), ("LogSoftmax", "axis", -1): break
      case ("Elu", "alpha", let alpha?): function = .elu(alpha: alpha)
      case ("Celu", "alpha", let alpha?): function = .celu(alpha: alpha)
      case ("LeakyRelu", "negative_slope", let slope?): function = .leakyRelu(negativeSlope: slope)
      case ("Gelu", "approximate", _): function = value == true ? .geluApproximate : .gelu
      default: throw reader.fault("\(setting): \(value.excerpt) has no counterpart in DeepSwift's \(function.name)")
      }
    }
    return function
  }

  /// The layer that does the same.
  func stored(_ nodes: [JSON], _ reader: KerasReader) throws -> Architecture.StoredLayer {
    try reader.within("\(title) (\(name))") {
      Architecture.StoredLayer(name: title, trainable: true, layer: try layer(nodes.first?["args"]?.array ?? [], reader))
    }
  }

  private func layer(_ operands: [JSON], _ reader: KerasReader) throws -> any Layer {
    if let function = try function(reader) { return Activation(function) }
    let numbers = operands.map { $0.double.map { Float($0) } }
    switch (name, numbers.first ?? nil, numbers.dropFirst().first ?? nil) {
    case ("Negative", _, _): return Rescaling(-1)
    case ("Add", let offset?, nil), ("Add", nil, let offset?): return Rescaling(1, offset: offset)
    case ("Subtract", nil, let offset?): return Rescaling(1, offset: -offset)
    case ("Subtract", let offset?, nil): return Rescaling(-1, offset: offset)
    case ("Multiply", let scale?, nil), ("Multiply", nil, let scale?): return Rescaling(scale)
    case ("Divide", nil, let scale?), ("TrueDivide", nil, let scale?): return Rescaling(1 / scale)
    case (_, nil, nil):
      if let layer = Self.joining[name] { return layer }
      fallthrough
    default: throw reader.fault("the operation \(name) of these operands has no counterpart in DeepSwift")
    }
  }
}
