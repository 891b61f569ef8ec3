import DeepSwiftEngine
import DeepSwiftLayers

extension Model: CustomStringConvertible {
  /// Prints the model's layers, their output shapes and their weights, in Keras' layout.
  ///
  /// - Parameters:
  ///   - lineLength: characters per line; what fits the terminal if not given.
  ///   - showTrainable: adds a column that tells which layers training changes.
  ///   - expandNested: shows the layers of models among the layers as well.
  public func summary(lineLength: Int? = nil, showTrainable: Bool = false, expandNested: Bool = false) {
    print(summaryText(lineLength: lineLength, showTrainable: showTrainable, expandNested: expandNested))
  }

  /// The text that `summary()` prints.
  public func summaryText(lineLength: Int? = nil, showTrainable: Bool = false, expandNested: Bool = false) -> String {
    if structure != nil { _ = try? built() }
    let trainable = trainableParameters.reduce(0) { $0 + $1.count }
    let all = parameters.reduce(0) { $0 + $1.parameter.count }
    // An optimizer has its slots for each weight, its count of steps and its rate.
    let optimizer = compilation?.state.map { state in
      state.slotCount * state.parameters.reduce(0) { $0 + $1.count } + 2
    }
    let table = SummaryTable(
      modelName: title, rows: rows(depth: 0, expandNested: expandNested), trainableCount: trainable,
      nonTrainableCount: all - trainable, optimizerCount: optimizer, showsConnections: !isChain,
      showsTrainable: showTrainable)
    return table.text(width: lineLength)
  }

  public var description: String { summaryText() + (fault.map { "\nThis model cannot be used: \($0)" } ?? "") }

  private var title: String { name ?? (self is Sequential ? "sequential" : "functional") }

  /// Whether the layers simply follow one another, so that there is nothing to say about connections.
  private var isChain: Bool {
    guard !(self is Sequential), let structure else { return true }
    let calls = structure.order.filter { $0.op is LayerCall }
    var uses: [ObjectIdentifier: Int] = [:]
    for node in structure.order { for input in node.inputs { uses[input.id, default: 0] += 1 } }
    return structure.inputs.count == 1 && structure.outputs.count == 1 && calls.allSatisfy { $0.inputs.count == 1 }
      && uses.values.allSatisfy { $0 == 1 } && calls.count == structure.layers.count - 1
  }

  private func rows(depth: Int, expandNested: Bool) -> [SummaryTable.Row] {
    let connections = structure?.connections() ?? [:]
    return layers.flatMap { layer in
      let isBuilt = structure != nil
      let row = SummaryTable.Row(
        name: layer.name, type: layer.typeName,
        outputShape: layer.outputShape.map { SummaryTable.shapeText($0.dimensions) } ?? "?",
        parameterCount: isBuilt ? layer.parameterCount : nil, connections: connections[ObjectIdentifier(layer)] ?? [],
        trainable: layer.parameters.isEmpty ? nil : layer.trainable, depth: depth)
      guard expandNested, let model = layer.layer as? Model else { return [row] }
      return [row] + model.rows(depth: depth + 1, expandNested: true)
    }
  }
}

extension Structure {
  /// For each layer where its inputs come from: layer, which of its uses, which of its outputs.
  fileprivate func connections() -> [ObjectIdentifier: [String]] {
    var uses: [ObjectIdentifier: Int] = [:], labels: [ObjectIdentifier: String] = [:]
    var result: [ObjectIdentifier: [String]] = [:]
    for (input, name) in zip(inputs, inputNames) { labels[input.id] = "\(name)[0][0]" }
    // Operations between layers are looked through.
    func origins(_ node: Node) -> [String] { labels[node.id].map { [$0] } ?? node.inputs.flatMap(origins) }
    for node in order {
      guard let call = node.op as? LayerCall else { continue }
      let layer = handle(of: call), id = ObjectIdentifier(layer), use = uses[id, default: 0]
      uses[id] = use + 1
      labels[node.id] = "\(layer.name)[\(use)][\(call.output)]"
      result[id, default: []] += node.inputs.flatMap(origins)
    }
    return result
  }
}
