import DeepSwiftEngine
import DeepSwiftLayers

/// How a model's layers are connected: an expression of layer calls, and a handle for each layer in it.
struct Structure {
  /// The model's inputs and outputs, as they were before layers had weights.
  let inputs, outputs: [Node]
  /// All nodes, inputs before what uses them.
  let order: [Node]
  /// The layers in Keras' order: those far from the outputs first.
  let layers: [LayerHandle]
  let inputNames, outputNames: [String]
  private let handles: [ObjectIdentifier: LayerHandle]

  /// - Parameter known: handles of layers that had a place before. Others get one.
  init(inputs: [Node], outputs: [Node], known: [ObjectIdentifier: LayerHandle] = [:], includesInputs: Bool) throws {
    self.inputs = inputs
    self.outputs = outputs
    let order = Node.sorted(outputs)
    self.order = order
    try Self.checkInputs(inputs, order)
    if let fault = order.lazy.compactMap(\.error).first { throw fault }
    guard !outputs.isEmpty else { throw ModelError(.argument, "a model needs at least one output") }

    var handles = known
    let calls = order.filter { $0.op is LayerCall }
    // Names follow the order in which layers were written down.
    let unnamed = (calls + (includesInputs ? inputs : [])).sorted { $0.serial < $1.serial }
    let explicit = unnamed.compactMap { Self.layer(of: $0)?.name }
    var names = LayerNames(taken: Set(explicit))
    var inputHandles: [ObjectIdentifier: LayerHandle] = [:]
    for node in unnamed {
      if let call = node.op as? LayerCall {
        let id = ObjectIdentifier(call.identity)
        if handles[id] == nil { handles[id] = LayerHandle(call.layer, name: names.name(for: call.layer)) }
        handles[id]!.outputShape = node.shape
      } else if let layer = Self.layer(of: node) {
        let handle = LayerHandle(layer, name: names.name(for: layer))
        handle.outputShape = node.shape
        inputHandles[node.id] = handle
      }
    }
    self.handles = handles

    let found = handles
    func handle(_ node: Node) -> LayerHandle? {
      if let call = node.op as? LayerCall { return found[ObjectIdentifier(call.identity)] }
      return inputHandles[node.id]
    }
    let reached = Set(order.map(\.id))
    let layers = Self.byDepth(order, outputs, unreached: inputs.filter { !reached.contains($0.id) }, handle)
    try Self.checkNames(layers)
    self.layers = layers
    inputNames = inputs.enumerated().map { index, node in
      inputHandles[node.id]?.name ?? (node.op as? InputOp)?.key.name ?? (index == 0 ? "input_layer" : "input_layer_\(index)")
    }
    outputNames = Self.unique(outputs.enumerated().map { handle($1)?.name ?? "output_\($0)" })
  }

  /// The handle of the layer that a node calls.
  func handle(of call: LayerCall) -> LayerHandle { handles[ObjectIdentifier(call.identity)]! }

  /// A layer may give several outputs; the later ones are numbered: `encoder`, `encoder_1`.
  private static func unique(_ names: [String]) -> [String] {
    var taken = Set<String>()
    return names.map { base in
      var name = base, number = 0
      while !taken.insert(name).inserted {
        number += 1
        name = "\(base)_\(number)"
      }
      return name
    }
  }

  private static func layer(of node: Node) -> (any Layer)? {
    if let call = node.op as? LayerCall { return call.layer }
    return node.op is InputOp ? InputLayer(node) : nil
  }

  private static func checkInputs(_ inputs: [Node], _ order: [Node]) throws {
    guard !inputs.isEmpty else { throw ModelError(.argument, "a model needs at least one input") }
    for input in inputs {
      if let error = input.error { throw error }
      guard input.op is InputOp else {
        throw ModelError(.argument, "a model's inputs are made by Input(shape:); received a node that is computed from others")
      }
    }
    let given = Set(inputs.map(\.id))
    guard given.count == inputs.count else { throw ModelError(.argument, "an input is given twice") }
    for node in order where node.op is InputOp && !given.contains(node.id) {
      let name = (node.op as? InputOp)?.key.name.map { " \"\($0)\"" } ?? ""
      throw ModelError(
        .argument,
        "the outputs depend on an input\(name) of shape \(node.shape) that is not among the model's inputs. "
          + "Add it to Model(inputs:).")
    }
  }

  private static func checkNames(_ layers: [LayerHandle]) throws {
    var seen: Set<String> = []
    for layer in layers where !seen.insert(layer.name).inserted {
      throw ModelError(.name, "two layers are called \"\(layer.name)\"; every layer of a model needs a name of its own")
    }
    for layer in layers where layer.name.isEmpty || layer.name.contains("/") {
      throw ModelError(.name, "\"\(layer.name)\" cannot name a layer: names are not empty and have no slash")
    }
  }

  /// Layers sorted by their longest distance from an output, far ones first; equal ones as a walk from the outputs back
  /// meets them.
  private static func byDepth(
    _ order: [Node], _ outputs: [Node], unreached: [Node], _ handle: (Node) -> LayerHandle?
  ) -> [LayerHandle] {
    var depth: [ObjectIdentifier: Int] = [:], ofLayer: [ObjectIdentifier: Int] = [:]
    var place: [ObjectIdentifier: Int] = [:], layers: [LayerHandle] = []
    func meet(_ node: Node) {
      guard let layer = handle(node), place[ObjectIdentifier(layer)] == nil else { return }
      place[ObjectIdentifier(layer)] = layers.count
      layers.append(layer)
    }
    unreached.forEach {
      meet($0)
      handle($0).map { ofLayer[ObjectIdentifier($0)] = 0 }
    }
    var ahead = Array(outputs.reversed()), met: Set<ObjectIdentifier> = []
    while let node = ahead.popLast() {
      guard met.insert(node.id).inserted else { continue }
      meet(node)
      ahead += node.inputs.reversed()
    }
    for node in order.reversed() {
      var own = depth[node.id] ?? 0
      if let layer = handle(node) {
        own = max(own, ofLayer[ObjectIdentifier(layer)] ?? 0)
        ofLayer[ObjectIdentifier(layer)] = own
      }
      depth[node.id] = own
      // Operations between layers take no place of their own.
      let step = handle(node) == nil ? 0 : 1
      for input in node.inputs { depth[input.id] = max(depth[input.id] ?? 0, own + step) }
    }
    return layers.sorted {
      let (a, b) = (ObjectIdentifier($0), ObjectIdentifier($1))
      return (-ofLayer[a]!, place[a]!) < (-ofLayer[b]!, place[b]!)
    }
  }
}
