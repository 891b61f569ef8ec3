import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

extension KerasReader {
  /// The model that a configuration describes, with new first values for its weights, not compiled.
  ///
  /// All layers that are not known here are named at once, before anything is made.
  func model(_ json: JSON) throws -> Model {
    let unknown = UnknownLayers(self).found(in: json)
    guard unknown.isEmpty else {
      let names = unknown.count == 1 ? "a layer that is" : "\(unknown.count) layers that are"
      throw fault(
        "has \(names) not known here: \(unknown.joined(separator: ", ")). Write each as a Swift struct with the same name and "
          + "settings, and pass them as customLayers:.")
    }
    return try knownModel(json)
  }

  private func knownModel(_ json: JSON) throws -> Model {
    if let id = json["shared_object_id"]?.int, let model = sharedModels[id] { return model }
    guard let config = json["config"]?.object, let kind = ModelKind(json) else {
      throw fault("a model is expected, found \(json["class_name"]?.excerpt ?? json.excerpt). Save it again with model.save.")
    }
    try checkNumbers(config["dtype"], of: "model")
    let model = kind == .sequential ? try sequential(config) : try functional(config)
    if config["trainable"] == false { model.isTrainable = false }
    if let id = json["shared_object_id"]?.int { sharedModels[id] = model }
    return model
  }

  /// A layer of a model, with its name and its switch.
  func layer(_ json: JSON) throws -> Architecture.StoredLayer {
    let config = json["config"]?.object ?? [:]
    let className = json["class_name"]?.string ?? ""
    guard let name = (config["name"]?.string ?? json["name"]?.string).map(Self.plainName), !name.isEmpty else {
      throw fault("a layer \(className) has no name")
    }
    return try within("\(name) (\(className))") {
      if ModelKind(json) != nil {
        return Architecture.StoredLayer(name: name, trainable: true, layer: try knownModel(json))
      }
      // Models may begin with the same input, which has no weights.
      if className != "InputLayer", let id = json["shared_object_id"]?.int, !sharedLayers.insert(id).inserted {
        throw fault(
          "stands in two models, which only a model can in DeepSwift. Make it one in Python, keras.Sequential([layer]), use that in "
            + "both places, and save again.")
      }
      return Architecture.StoredLayer(name: name, trainable: config["trainable"] != false, layer: try settled(json))
    }
  }

  /// Names of old files may have slashes, which part names here.
  static func plainName(_ name: String) -> String {
    name.contains("/") ? name.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "_") : name
  }

  /// A layer inside of another, which has no place of its own.
  func innerLayer(_ json: JSON) throws -> any Layer {
    ModelKind(json) == nil ? try settled(json) : try knownModel(json)
  }

  private func settled(_ json: JSON) throws -> any Layer {
    var object = try KerasObject(json, .layer, self)
    object.config["trainable"] = nil
    guard let type = type(.layer, object) else { throw fault("the layer \(object.className) is not known here\(object.origin)") }
    // A layer that stands for its function; what it is called and computes in is said as by any other.
    if ActivationFunction.kerasLayers.contains(object.className), type == Activation.self {
      object.config = ["name": object.config["name"] ?? .null, "dtype": object.config["dtype"] ?? .null, "activation": json]
    }
    guard let layer = try value(type, object.config, object.className) as? any Layer else {
      throw fault("\(object.className) is no layer")
    }
    return layer
  }

  private func sequential(_ config: JSON.Object) throws -> Sequential {
    // The oldest files have the list itself.
    var list = config["layers"]?.array ?? []
    let input = try list.first.flatMap { first in
      first["class_name"] == "InputLayer" ? try layer(first).layer as? InputLayer : try legacyInput(first)
    }
    if list.first?["class_name"] == "InputLayer" { list.removeFirst() }
    return try Sequential(name: config["name"]?.string, input: input ?? buildInput(config), layers: list.map(layer))
  }

  /// The shape that a model without an `InputLayer` was built with.
  private func buildInput(_ config: JSON.Object) throws -> InputLayer? {
    guard let shape = config["build_input_shape"]?.array, shape.count > 1,
      shape.dropFirst().allSatisfy({ ($0.int ?? 0) > 0 }), shape.count <= Shape.mostAxes + 1
    else { return nil }
    return InputLayer(shape: Shape(shape.dropFirst().compactMap(\.int)))
  }

  /// Keras 2 lets the first layer say what the input is.
  private func legacyInput(_ first: JSON) throws -> InputLayer? {
    guard ModelKind(first) == nil, let shape = first["config"]?["batch_input_shape"] ?? first["config"]?["batch_shape"],
      !shape.isNull
    else { return nil }
    return try layer(["class_name": "InputLayer", "config": ["name": "input_layer", "batch_shape": shape]]).layer as? InputLayer
  }

  private func functional(_ config: JSON.Object) throws -> Model {
    let graph = try GraphReader(config, self)
    return try Model(graph.architecture())
  }
}

/// The two forms of a model.
enum ModelKind {
  case sequential, functional

  init?(_ json: JSON) {
    guard let name = json["class_name"]?.string, let config = json["config"]?.object else { return nil }
    switch name {
    case "Sequential" where KerasKind.isKeras(json["module"]?.string): self = .sequential
    case "Functional", "Model": self = .functional
    // A class of one's own that has layers and their connections is a functional model under another name.
    default:
      guard config["input_layers"] != nil, config["layers"] != nil else { return nil }
      self = .functional
    }
  }
}

/// Looks through a configuration for layers that have no type here.
private struct UnknownLayers {
  let reader: KerasReader
  init(_ reader: KerasReader) { self.reader = reader }

  func found(in json: JSON) -> [String] {
    guard let name = json["class_name"]?.string, let config = json["config"]?.object else { return [] }
    if ModelKind(json) != nil { return (config["layers"]?.array ?? []).flatMap(found) }
    // Wrappers hold layers among their settings; where a layer stands for its function it needs no type.
    let inner = zip(config.keys, config.values).filter {
      $1["class_name"] != nil && $1["module"]?.string?.hasPrefix("keras.layers") ?? false && !$0.hasSuffix("activation")
    }.map(\.1)
    let module = json["module"]?.string
    let object = KerasObject(className: name, module: module, config: config)
    if reader.type(.layer, object) != nil || (try? KerasOperation(json)) != nil { return inner.flatMap(found) }
    let isOperation = module.map { $0.hasPrefix("keras.src.ops.") } ?? false
    let place = (config["name"]?.string ?? json["name"]?.string).map { "\($0) (\(name)" } ?? "(\(name)"
    let origin = isOperation ? ", an operation between layers" : KerasKind.isKeras(module) ? "" : " of \(module ?? "")"
    return ["\(place)\(origin))"] + inner.flatMap(found)
  }
}
