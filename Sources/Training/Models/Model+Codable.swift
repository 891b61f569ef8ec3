import DeepSwiftEngine
import DeepSwiftLayers

/// A model's layers and how they are connected, as plain data. Weights are no part of it.
struct Architecture: Codable {
  struct StoredLayer: Codable {
    var name: String
    var trainable: Bool
    @Coded var layer: any Layer

    init(_ handle: LayerHandle) {
      name = handle.name
      trainable = handle.trainable
      layer = handle.layer
    }

    func handle() -> LayerHandle {
      let handle = LayerHandle(layer, name: name)
      // A model restores the switches of its own layers.
      if !(layer is Model) { handle.trainable = trainable }
      return handle
    }
  }

  struct StoredInput: Codable {
    var name: String?
    var shape: Shape
  }

  /// A use of a layer on earlier nodes. Inputs come first among the nodes, then the calls.
  struct Call: Codable {
    var layer: Int
    var output: Int
    var inputs: [Int]
  }

  var name: String?
  var inputs: [StoredInput]
  var layers: [StoredLayer]
  var calls: [Call]
  var outputs: [Int]
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
      guard call.output < ((handle.layer as? Model)?.structure?.outputs.count ?? 1) else {
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
