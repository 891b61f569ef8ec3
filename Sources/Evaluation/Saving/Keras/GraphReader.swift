import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

/// Reads how the layers of a functional model are connected.
struct GraphReader {
  /// One of the tensors that a call of a layer gives.
  private struct Tensor: Hashable {
    var layer: String, node: Int, output: Int
  }

  private struct Entry {
    var stored: Architecture.StoredLayer
    /// For each call the tensors that go in.
    var calls: [[Tensor]]
  }

  private let reader: KerasReader
  private let name: String?
  private var entries: [Entry] = []
  private var places: [String: Int] = [:]
  private var inputs: [Tensor] = []
  private var outputs: [Tensor] = []
  /// Whether calls are written as before Keras 3, where every model counts a first node of its own, everywhere.
  private let isLegacy: Bool

  init(_ config: JSON.Object, _ reader: KerasReader) throws {
    self.reader = reader
    name = config["name"]?.string
    let layers = config["layers"]?.array ?? []
    isLegacy = layers.contains { $0["inbound_nodes"]?.array?.first?.array != nil }
    for json in layers {
      let entry = try entry(json)
      guard places.updateValue(entries.count, forKey: entry.stored.name) == nil else {
        throw reader.fault("two layers are called \(entry.stored.name)")
      }
      entries.append(entry)
    }
    inputs = try tensors(config["input_layers"] ?? .null)
    outputs = try tensors(config["output_layers"] ?? .null).map(withoutFirstNode)
    guard isLegacy else { return }
    for index in entries.indices { entries[index].calls = entries[index].calls.map { $0.map(withoutFirstNode) } }
  }

  private func entry(_ json: JSON) throws -> Entry {
    let nodes = json["inbound_nodes"]?.array ?? []
    let operation = try? KerasOperation(json)
    var stored = try operation?.stored(nodes, reader) ?? reader.layer(json)
    if var form = stored.layer as? any KerasForm, let node = nodes.first {
      form.read(args: node["args"]?.array ?? [], kwargs: node["kwargs"]?.object ?? Self.legacyArguments(node))
      if let layer = form as? any Layer { stored.layer = layer }
    }
    return try reader.within("\(stored.name) (\(json["class_name"]?.string ?? ""))") {
      Entry(stored: stored, calls: try nodes.map { try call($0, hasOperands: operation != nil) })
    }
  }

  // MARK: Tensors

  /// All `[layer, node, tensor]` in lists or dictionaries; those of a dictionary in the order of its keys, as Keras takes them.
  private func tensors(_ json: JSON) throws -> [Tensor] {
    if let object = json.object { return try object.keys.sorted().flatMap { try tensors(object[$0] ?? .null) } }
    guard let values = json.array else { throw reader.fault("the name of a layer is expected, found \(json.excerpt)") }
    if let tensor = Self.tensor(values) { return [tensor] }
    return try values.flatMap(tensors)
  }

  private static func tensor(_ values: [JSON]) -> Tensor? {
    guard values.count >= 3, let name = values[0].string, let node = values[1].int, let output = values[2].int else {
      return nil
    }
    return Tensor(layer: KerasReader.plainName(name), node: node, output: output)
  }

  /// Functional models have a first node of their own, which Keras counts where it lists outputs.
  private func withoutFirstNode(_ tensor: Tensor) -> Tensor {
    guard let place = places[tensor.layer], entries[place].stored.layer is Model,
      isLegacy || !(entries[place].stored.layer is Sequential)
    else { return tensor }
    return Tensor(layer: tensor.layer, node: tensor.node - 1, output: tensor.output)
  }

  /// The tensors that go into one call. What else Keras passes must leave the layer as it is.
  private func call(_ json: JSON, hasOperands: Bool) throws -> [Tensor] {
    var found: [Tensor] = []
    func collect(_ json: JSON, _ name: String?) throws {
      if json["class_name"] == "__keras_tensor__" {
        if name == "mask" { throw reader.fault("is called with a mask of steps, which has no counterpart in DeepSwift") }
        guard let tensor = Self.tensor(json["config"]?["keras_history"]?.array ?? []) else {
          throw reader.fault("an input without a place is listed: \(json.excerpt)")
        }
        found.append(tensor)
      } else if let values = json.array {
        try values.forEach { try collect($0, name) }
      } else if let name, !json.isNull, json != false, name != "training", name != "use_causal_mask" {
        throw reader.fault("is called with \(name): \(json.excerpt), which has no counterpart in DeepSwift")
      } else if name == nil, !json.isNull, !hasOperands {
        throw reader.fault("is called with \(json.excerpt), which has no counterpart in DeepSwift")
      }
    }
    if let args = json["args"] {
      try collect(args, nil)
      let named = json["kwargs"]?.object ?? [:]
      for name in Self.inOrder(named.keys) { try collect(named[name] ?? .null, name) }
      return found
    }
    // Before Keras 3: a list of [layer, node, tensor, arguments].
    found = try (json.array ?? []).map { value in
      guard let values = value.array, let tensor = Self.tensor(values) else {
        throw reader.fault("an input without a place is listed: \(value.excerpt)")
      }
      return tensor
    }
    let named = Self.legacyArguments(json)
    for name in Self.inOrder(named.keys) {
      if name != "mask", let tensor = Self.tensor(named[name]?.array ?? []) {
        found.append(tensor)
      } else {
        try collect(named[name] ?? .null, name)
      }
    }
    return found
  }

  /// Inputs that have names, in the order in which layers take them, wherever they were written.
  private static func inOrder(_ names: [String]) -> [String] {
    let ordered = ["value", "key", "attention_mask"]
    return names.filter { !ordered.contains($0) } + ordered.filter(names.contains)
  }

  /// What Keras 2 passes by name in a call: it stands with each input, tensors again as `[layer, node, tensor]`.
  private static func legacyArguments(_ call: JSON) -> JSON.Object {
    call.array?.first?.array?.last?.object ?? [:]
  }

  // MARK: The architecture

  func architecture() throws -> Architecture {
    let starts = try inputs.map { tensor in
      guard let place = places[tensor.layer], let input = entries[place].stored.layer as? InputLayer else {
        throw reader.fault("the input \(tensor.layer) is no InputLayer")
      }
      return Architecture.StoredInput(name: tensor.layer, shape: input.shape)
    }
    let called = entries.indices.filter { !(entries[$0].stored.layer is InputLayer) }
    let numbers = Dictionary(uniqueKeysWithValues: called.enumerated().map { ($1, $0) })
    var calls: [Architecture.Call] = [], known: [Tensor: Int] = [:]
    for (index, tensor) in inputs.enumerated() { known[tensor] = index }

    for output in outputs {
      // A stack of our own: a file may list a chain deeper than the stack of a thread allows.
      var open = [output], begun: Set<Tensor> = []
      while let tensor = open.last {
        if known[tensor] != nil {
          open.removeLast()
          continue
        }
        guard let place = places[tensor.layer], let layer = numbers[place], entries[place].calls.indices.contains(tensor.node)
        else { throw reader.fault("\(tensor.layer): call \(tensor.node) is asked for, which is not listed") }
        let sources = entries[place].calls[tensor.node], missing = sources.filter { known[$0] == nil }
        if missing.isEmpty {
          known[tensor] = starts.count + calls.count
          calls.append(Architecture.Call(layer: layer, output: tensor.output, inputs: sources.compactMap { known[$0] }))
          open.removeLast()
        } else {
          guard begun.insert(tensor).inserted else { throw reader.fault("\(tensor.layer) depends on itself") }
          open += missing.reversed()
        }
      }
    }
    // Layers that nothing leads to the outputs have no place in the model.
    return Architecture(
      name: name, inputs: starts, layers: called.map { entries[$0].stored }, calls: calls,
      outputs: outputs.compactMap { known[$0] })
  }
}
