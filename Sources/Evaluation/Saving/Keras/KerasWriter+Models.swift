import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

extension KerasWriter {
  /// The model's architecture as Keras writes it, without what `compile` set up.
  func model(_ model: Model, name: String) throws -> JSON.Object {
    if let sequential = model as? Sequential { return try self.sequential(sequential, name) }
    return try functional(model, name)
  }

  /// A layer in its place: its configuration begins with the name and the switch of the place.
  func layer(_ stored: Architecture.StoredLayer) throws -> JSON.Object {
    if let model = stored.layer as? Model { return try self.model(model, name: stored.name) }
    let layer = (stored.layer as? Shared)?.layer ?? stored.layer
    return try within("\(stored.name) (\(className(type(of: layer))))") {
      var config: JSON.Object = ["name": .string(stored.name), "trainable": .bool(stored.trainable), "dtype": "float32"]
      let settings = try self.config(of: layer)
      for (name, value) in zip(settings.keys, settings.values) where name != "name" { config[name] = value }
      guard var object = try object(layer, config: config).object else { return [:] }
      // A function with numbers of its own is a layer in Keras, and not all versions take one as the activation of another.
      if layer is Activation, let function = settings["activation"]?.object, let numbers = function["config"]?.object {
        config["activation"] = nil
        for (name, value) in zip(numbers.keys, numbers.values) { config[name] = value }
        object["class_name"] = function["class_name"]
        object["config"] = .object(config)
      }
      return object
    }
  }

  /// A layer inside of another, which has no place of its own.
  func innerLayer(_ layer: any Layer) throws -> JSON {
    if let model = layer as? Model { return .object(try self.model(model, name: model.name ?? "model")) }
    var config = try self.config(of: layer)
    if config["name"]?.isNull ?? false { config["name"] = nil }
    return try object(layer, config: config)
  }

  private func input(name: String, _ shape: Shape) throws -> JSON.Object {
    let input = InputLayer(shape: shape, name: name)
    return try object(input, config: config(of: input)).object ?? [:]
  }

  private func sequential(_ model: Sequential, _ name: String) throws -> JSON.Object {
    let input = try model.input.map { try self.input(name: $0.name ?? "input_layer", $0.shape) }
    let layers = try model.layers.map { try layer(Architecture.StoredLayer($0)) }
    var config: JSON.Object = [
      "name": .string(name), "trainable": .bool(model.isTrainable), "dtype": "float32",
      "layers": .array(((input.map { [$0] } ?? []) + layers).map { .object($0) }),
    ]
    var object: JSON.Object = [
      "module": "keras", "class_name": "Sequential", "config": .object(config), "registered_name": nil,
    ]
    if let shape = input?["config"]?["batch_shape"] {
      config["build_input_shape"] = shape
      object["config"] = .object(config)
      object["build_config"] = ["input_shape": shape]
    }
    return object
  }

  private func functional(_ model: Model, _ name: String) throws -> JSON.Object {
    let architecture = try model.architecture()
    let graph = GraphWriter(architecture, shapes: model.nodeShapes)
    let inputs = zip(architecture.inputs, graph.inputNames).map { ($1, $0.shape) }
    var layers: [JSON] = []
    // In the order of the model's layers, inputs among them: by that order weights are found.
    for handle in model.layers {
      var object: JSON.Object
      if handle.layer is InputLayer {
        guard let input = inputs.first(where: { $0.0 == handle.name }) else { continue }
        object = try self.input(name: input.0, input.1)
      } else {
        object = try layer(Architecture.StoredLayer(handle))
      }
      object["name"] = .string(handle.name)
      object["inbound_nodes"] = .array(graph.calls(of: handle.name))
      layers.append(.object(object))
    }
    let ends = architecture.outputs.map { graph.place(of: $0, isEnd: true) }
    let starts: [JSON] = graph.inputNames.map { [.string($0), 0, 0] }
    return [
      "module": "keras.src.models.functional", "class_name": "Functional",
      "config": [
        "name": .string(name), "trainable": .bool(model.isTrainable), "layers": .array(layers),
        "input_layers": starts.count == 1 ? starts[0] : .array(starts),
        "output_layers": ends.count == 1 ? ends[0] : .array(ends),
      ],
      "registered_name": "Functional",
    ]
  }
}

/// The calls of a functional model as Keras writes them: for each layer its nodes, each with the tensors that went in.
private struct GraphWriter {
  private let architecture: Architecture
  private let shapes: [Shape]
  let inputNames: [String]
  /// For each call the node of its layer that it belongs to: outputs of one call share a node.
  private var nodes: [Int] = []
  /// For each layer the calls that begin its nodes.
  private var firstCalls: [[Int]]

  init(_ architecture: Architecture, shapes: [Shape]) {
    (self.architecture, self.shapes) = (architecture, shapes)
    inputNames = architecture.inputs.enumerated().map { $1.name ?? "input_layer\($0 == 0 ? "" : "_\($0)")" }
    firstCalls = Array(repeating: [], count: architecture.layers.count)
    // Calls on the same inputs that ask for different outputs are one.
    var asked: [[Set<Int>]] = firstCalls.map { _ in [] }
    for (index, call) in architecture.calls.enumerated() {
      let known = firstCalls[call.layer].indices.first {
        architecture.calls[firstCalls[call.layer][$0]].inputs == call.inputs && !asked[call.layer][$0].contains(call.output)
      }
      let node = known ?? firstCalls[call.layer].count
      nodes.append(node)
      if known == nil {
        firstCalls[call.layer].append(index)
        asked[call.layer].append([])
      }
      asked[call.layer][node].insert(call.output)
    }
  }

  /// `[layer, node, tensor]` of a node of the architecture.
  func place(of node: Int, isEnd: Bool = false) -> JSON {
    let index = node - architecture.inputs.count
    guard index >= 0 else { return [.string(inputNames[node]), 0, 0] }
    let call = architecture.calls[index], layer = architecture.layers[call.layer]
    // Keras counts a first node of its own in functional models, but only where it lists outputs.
    let offset = isEnd && layer.layer is Model && !(layer.layer is Sequential) ? 1 : 0
    return [.string(layer.name), .int(nodes[index] + offset), .int(call.output)]
  }

  func calls(of name: String) -> [JSON] {
    guard let layer = architecture.layers.firstIndex(where: { $0.name == name }) else { return [] }
    return firstCalls[layer].map { index in
      let tensors: [JSON] = architecture.calls[index].inputs.map {
        [
          "class_name": "__keras_tensor__",
          "config": ["shape": shape(of: $0), "dtype": "float32", "keras_history": place(of: $0)],
        ]
      }
      let called = architecture.layers[layer].layer, form = ((called as? Shared)?.layer ?? called) as? any KerasForm
      let call = (form ?? Flatten()).kerasCall(tensors)
      return ["args": .array(call.args), "kwargs": .object(call.kwargs)]
    }
  }

  private func shape(of node: Int) -> JSON { .array([.null] + shapes[node].dimensions.map { .int($0) }) }
}
