import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers

extension ActivationFunction: KerasCoded {
  init(_ json: JSON, _ reader: KerasReader) throws {
    if json.isNull {
      self = .linear
      return
    }
    if let className = json["class_name"]?.string, Self.kerasLayers.contains(className) {
      self = try Self.function(ofLayer: className, json["config"]?.object ?? [:], reader)
      return
    }
    let name = json.string ?? json["config"]?.string ?? json["config"]?["activation"]?.string
    guard let name else { throw reader.fault("the name of an activation is expected, found \(json.excerpt)") }
    let modern = ["swish": "silu", "hard_swish": "hard_silu"][name] ?? name
    guard let known = ActivationFunction.named[modern] else {
      throw reader.fault("no activation is called \(name). Write it in Swift as a layer, and pass that as customLayers:.")
    }
    self = known
  }

  /// Keras' layers that apply a function and nothing else: each may stand among the layers, or for its function.
  static let kerasLayers: Set = ["ReLU", "LeakyReLU", "ELU", "Softmax"]

  private static func function(
    ofLayer className: String, _ config: JSON.Object, _ reader: KerasReader
  ) throws -> ActivationFunction {
    func number(_ names: String...) -> Float? { names.lazy.compactMap { config[$0]?.double }.first.map { Float($0) } }
    switch className {
    case "LeakyReLU": return .leakyRelu(negativeSlope: number("negative_slope", "alpha") ?? 0.3)
    case "ELU": return .elu(alpha: number("alpha") ?? 1)
    case "Softmax":
      let axis = config["axis"] ?? -1
      guard axis == -1 || axis == [-1] else { throw reader.fault("axis: \(axis.excerpt). Here softmax is along the last axis.") }
      return .softmax
    default:
      switch (number("max_value"), number("negative_slope") ?? 0, number("threshold") ?? 0) {
      case (nil, 0, 0): return .relu
      case (nil, let slope, 0): return .leakyRelu(negativeSlope: slope)
      case (6, 0, 0): return .relu6
      default:
        throw reader.fault(
          "max_value, negative_slope and threshold together have no counterpart in DeepSwift. Write such a layer as a Swift struct "
            + "with the same name and settings, and pass it as customLayers:.")
      }
    }
  }

  func json(_ writer: KerasWriter) throws -> JSON {
    guard let known = ActivationFunction.named[name] else {
      throw writer.fault("the activation function \"\(name)\" is one's own and cannot be stored; make it a layer instead")
    }
    let isExact = name == "gelu_tanh"
    if !isExact, known.parameters == parameters { return .string(name) }
    func layer(_ className: String, _ setting: String) -> JSON {
      [
        "module": "keras.layers", "class_name": .string(className),
        "config": [setting: parameters[setting].map { .double(Double("\($0)") ?? 0) } ?? .null], "registered_name": nil,
      ]
    }
    switch name {
    case "leaky_relu": return layer("LeakyReLU", "negative_slope")
    case "elu": return layer("ELU", "alpha")
    default:
      throw writer.fault(
        "Keras' files have no way to write the activation \(name) with \(isExact ? "an approximation" : "\(parameters)"). "
          + "Make it a layer of your own.")
    }
  }
}
