import DeepSwiftEngine
import DeepSwiftLayers

/// A model with all layers written out as operations on nodes: what programs are planned from.
package struct Expression {
  package let inputs, outputs: [Node]
  /// What weights add to the loss, and what each sample's activations do.
  package let penalties, activityPenalties: [Node]
  /// All weights met, in order.
  package let parameters: [Parameter]
  /// Which nodes were made by which layer, inner layers before the models that they stand in.
  package let origins: [(serials: ClosedRange<Int>, layer: LayerTitle)]
}

extension Structure {
  /// Replaces each call of a layer by what the layer's `forward` makes of its inputs.
  func expand(_ actual: [Node], _ trace: Trace, isTrainable: Bool) -> [Node] {
    if let fault = fault(in: actual) { return outputs.map { Node(poisoned: fault, shape: $0.shape) } }
    var results: [ObjectIdentifier: Node] = [:]
    for (stand, node) in zip(inputs, actual) { results[stand.id] = node }
    // A layer with several outputs is called once for all of them. Who asks for the same one again makes another call.
    var several: [[ObjectIdentifier]: [(made: [Node], asked: Set<Int>)]] = [:]
    for node in order where results[node.id] == nil {
      let inputs = node.inputs.map { results[$0.id]! }
      guard let call = node.op as? LayerCall else {
        results[node.id] = zip(inputs, node.inputs).allSatisfy { $0 === $1 } ? node : Node(node.op, inputs)
        continue
      }
      let handle = handle(of: call), key = [ObjectIdentifier(call.identity)] + node.inputs.map(\.id)
      var calls = several[key] ?? []
      let place = calls.firstIndex { !$0.asked.contains(call.output) } ?? calls.count
      if place == calls.count {
        let made = trace.nodes(of: LayerTitle(name: handle.scope.name, title: handle.title)) {
          handle.layer.outputs(for: inputs, Weights(handle.scope, trace, isTrainable: isTrainable && handle.trainable))
        }
        calls.append((made, []))
      }
      calls[place].asked.insert(call.output)
      several[key] = calls
      var result = calls[place].made[call.output]
      if var error = result.error, error.place == nil {
        error.place = handle.title
        result = Node(poisoned: error, shape: result.shape)
      }
      handle.outputShape = result.shape
      results[node.id] = result
    }
    return outputs.map { results[$0.id]! }
  }

  private func fault(in actual: [Node]) -> ModelError? {
    if let error = actual.lazy.compactMap(\.error).first { return error }
    guard actual.count == inputs.count else {
      return ModelError(.shape, "the model takes \(inputs.count) inputs, received \(actual.count)")
    }
    for (index, (stand, node)) in zip(inputs, actual).enumerated() where stand.shape != node.shape {
      return ModelError(
        .shape, "input \"\(inputNames[index])\" expects samples of shape \(stand.shape), received \(node.shape)")
    }
    return nil
  }
}

extension Expression {
  /// The number of rows of the smallest table whose rows the numbers of `input` name, if any do so directly.
  func smallestTable(lookedUpBy input: Node) -> Int? {
    var rows: Int?
    for node in Node.sorted(outputs) where node.looksUp(input) {
      rows = min(rows ?? .max, node.inputs[0].shape[0])
    }
    return rows
  }
}

extension Expression {
  /// The layer that made a node; `nil` for what was written between layers.
  package func layer(of node: Node) -> LayerTitle? { origins.first { $0.serials.contains(node.serial) }?.layer }
}
