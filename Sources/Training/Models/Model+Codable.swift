import DeepSwiftEngine
import DeepSwiftLayers

/// A model's layers and how they are connected, as plain data. Weights are no part of it.
package struct Architecture: Codable {
  package struct StoredLayer: Codable {
    package var name: String
    package var trainable: Bool
    @Coded package var layer: any Layer

    package init(_ handle: LayerHandle) {
      self.init(name: handle.name, trainable: handle.trainable, layer: handle.layer)
    }

    package init(name: String, trainable: Bool, layer: any Layer) {
      self.name = name
      self.trainable = trainable
      self.layer = layer
    }

    func handle() -> LayerHandle {
      let handle = LayerHandle(layer, name: name)
      // A model restores the switches of its own layers.
      if !(layer is Model) { handle.trainable = trainable }
      return handle
    }
  }

  package struct StoredInput: Codable {
    package var name: String?
    package var shape: Shape

    package init(name: String?, shape: Shape) { (self.name, self.shape) = (name, shape) }
  }

  /// A use of a layer on earlier nodes. Inputs come first among the nodes, then the calls.
  package struct Call: Codable {
    package var layer: Int
    package var output: Int
    package var inputs: [Int]

    package init(layer: Int, output: Int, inputs: [Int]) {
      (self.layer, self.output, self.inputs) = (layer, output, inputs)
    }
  }

  package var name: String?
  package var inputs: [StoredInput]
  package var layers: [StoredLayer]
  package var calls: [Call]
  package var outputs: [Int]

  package init(name: String?, inputs: [StoredInput], layers: [StoredLayer], calls: [Call], outputs: [Int]) {
    self.name = name
    self.inputs = inputs
    self.layers = layers
    self.calls = calls
    self.outputs = outputs
  }
}

extension Model {
  /// How the layers are connected, as plain data; an error where the model does not know its inputs yet.
  package func architecture() throws -> Architecture {
    if let fault { throw fault }
    guard let structure else {
      throw ModelError(
        .notReady,
        "the model does not know the shape of its input yet. Begin it with Input(shape:), or call fit, evaluate or "
          + "predict with data first.")
    }
    return try structure.architecture(name: name)
  }

  /// The shape of one sample of each node of the architecture: of the inputs, then of what the calls return.
  package var nodeShapes: [Shape] {
    (structure?.inputs.map(\.shape) ?? []) + (structure?.order.filter { !($0.op is InputOp) }.map(\.shape) ?? [])
  }
}

extension Structure {
  func architecture(name: String?) throws -> Architecture {
    var numbers: [ObjectIdentifier: Int] = [:], calls: [Architecture.Call] = []
    for (index, input) in inputs.enumerated() { numbers[input.id] = index }
    let called = layers.filter { !($0.layer is InputLayer) }
    for node in order where !(node.op is InputOp) {
      guard let call = node.op as? LayerCall else {
        throw ModelError(
          .argument, "an expression between layers cannot be stored; write it as a Layer of its own: a struct with a forward")
      }
      numbers[node.id] = inputs.count + calls.count
      let handle = handle(of: call)
      calls.append(
        Architecture.Call(
          layer: called.firstIndex { $0 === handle }!, output: call.output, inputs: node.inputs.map { numbers[$0.id]! }))
    }
    let stored = zip(inputs, inputNames).map { Architecture.StoredInput(name: $1, shape: $0.shape) }
    return Architecture(
      name: name, inputs: stored, layers: called.map(Architecture.StoredLayer.init), calls: calls,
      outputs: outputs.map { numbers[$0.id]! })
  }

  init(_ architecture: Architecture) throws {
    func fault(_ message: String) -> ModelError { ModelError(.file, "the stored model is broken: \(message)") }
    let handles = architecture.layers.map { $0.handle() }
    var nodes = architecture.inputs.map { Input(shape: $0.shape, name: $0.name) }
    let inputs = nodes
    for call in architecture.calls {
      guard handles.indices.contains(call.layer), !call.inputs.isEmpty, call.inputs.allSatisfy(nodes.indices.contains),
        call.output >= 0, call.output < 1_000
      else { throw fault("a call names a layer or an input that is not there") }
      let handle = handles[call.layer]
      guard call.output < ((handle.layer as? any MultipleOutputs)?.outputCount ?? 1) else {
        throw fault("a call names an output that is not there")
      }
      nodes.append(Node(LayerCall(handle.layer, identity: handle, output: call.output), call.inputs.map { nodes[$0] }))
    }
    guard architecture.outputs.allSatisfy(nodes.indices.contains) else { throw fault("an output is not there") }
    let known = Dictionary(uniqueKeysWithValues: handles.map { (ObjectIdentifier($0), $0) })
    try self.init(
      inputs: inputs, outputs: architecture.outputs.map { nodes[$0] }, known: known, includesInputs: true)
  }
}

extension Model {
  /// The names of the outputs; one without a meaning where the model does not know its input yet.
  package var outputNames: [String] { structure?.outputNames ?? ["output"] }

  package var inputNames: [String] { structure?.inputNames ?? ["input_layer"] }

  /// How many numbers the weights would hold, before there is memory for them.
  package func countedWeights() throws -> Int {
    try expression().parameters.reduce(0) { sum, parameter in
      let (total, isTooLarge) = sum.addingReportingOverflow(parameter.count)
      return isTooLarge ? .max : total
    }
  }

  /// Whether the model knows what it takes, and so has weights.
  package var knowsItsInput: Bool { structure != nil }
}
