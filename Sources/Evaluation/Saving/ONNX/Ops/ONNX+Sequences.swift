import DeepSwiftEngine

extension LSTMOp: ONNXOp {
  /// There the steps stand before the batch, each weight has an axis of directions in front, and the gates are in the order
  /// input, output, forget, cell.
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let graph = site.graph, x = graph.batched(graph.channelsLast(site.x)), units = site.inputs[2].shape[0]
    var steps = graph.add("Transpose", [x.name], [.ints("perm", [1, 0, 2])])
    if goesBackwards {
      // What it gives stays in the order of the steps that it takes, unlike that of ONNX's own direction "reverse".
      steps = graph.add("Slice", [steps] + [[-1], [-x.shape[0] - 1], [0], [-1]].map(graph.integers))
    }
    var inputs = [steps, gates(graph, site.inputs[1], units), gates(graph, site.inputs[2], units)]
    if hasBias || hasInitialState {
      inputs.append(hasBias ? bias(graph, site.inputs[3], units) : "")
      inputs.append("")
    }
    if hasInitialState {
      inputs += site.inputs.suffix(2).map {
        graph.add("Unsqueeze", [graph.repeated($0, asOftenAs: x).name, graph.integers([0])])
      }
    }
    if inputs.count > 3, !hasInitialState { inputs.removeLast() }
    let outputs = graph.add(
      "LSTM", inputs, [.int("hidden_size", units), .text("direction", "forward")],
      gives: [output != .last, output == .last, output == .sequenceAndCell])
    return graph.shared(result(graph, outputs, site.shape), if: !site.x.hasBatch)
  }

  private func result(_ graph: ONNXGraph, _ outputs: [String], _ shape: Shape) -> ONNXValue {
    func batchFirst(_ name: String) -> String { graph.add("Transpose", [name], [.ints("perm", [1, 0, 2])]) }
    guard output != .last else {
      return graph.value("Squeeze", [outputs[1], graph.integers([0])], shape: shape, hasBatch: true)
    }
    let sequence = batchFirst(graph.add("Squeeze", [outputs[0], graph.integers([1])]))
    guard output == .sequenceAndCell else { return ONNXValue(name: sequence, shape: shape, hasBatch: true) }
    return graph.value("Concat", [sequence, batchFirst(outputs[2])], [.int("axis", 1)], shape: shape, hasBatch: true)
  }

  /// [features, 4 units] as [1, 4 units, features].
  private func gates(_ graph: ONNXGraph, _ kernel: ONNXValue, _ units: Int) -> String {
    let parts = graph.reshaped(kernel, [kernel.shape[0], 4, units])
    let ordered = graph.add("Gather", [parts.name, graph.integers(Self.order)], [.int("axis", 1)])
    let turned = graph.add("Transpose", [ordered], [.ints("perm", [1, 2, 0])])
    return graph.add("Reshape", [turned, graph.integers([1, 4 * units, kernel.shape[0]])])
  }

  /// [4 units] as [1, 8 units]: there the state has biases of its own, which are zeros.
  private func bias(_ graph: ONNXGraph, _ bias: ONNXValue, _ units: Int) -> String {
    let parts = graph.reshaped(bias, [4, units])
    let ordered = graph.add("Gather", [parts.name, graph.integers(Self.order)], [.int("axis", 0)])
    let line = graph.add("Reshape", [ordered, graph.integers([1, 4 * units])])
    return graph.add("Concat", [line, graph.constant("zeros", Tensor.zeros([1, 4 * units])).name], [.int("axis", 1)])
  }

  private static let order = [0, 3, 1, 2]
}

extension AttentionOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let graph = site.graph, isShared = !site.x.hasBatch
    let (q, k, v) = (site.inputs[0], site.inputs[1], site.inputs[2]), queries = q.shape[0], keys = k.shape[0]
    func split(_ x: ONNXValue, _ order: [Int]) -> ONNXValue {
      graph.transposed(graph.reshaped(graph.batched(x), [x.shape[0], heads, x.shape[1] / heads]), order)
    }
    let matrices: Shape = [heads, queries, keys]
    let products = graph.value(
      "MatMul", [split(q, [1, 0, 2]).name, split(k, [1, 2, 0]).name], shape: matrices, hasBatch: true)
    var scores = graph.binary("Mul", products, scale)
    let mask = mask(site, queries, keys)
    if let mask {
      let hidden = ONNXValue(name: graph.number(-.greatestFiniteMagnitude), shape: [], hasBatch: false)
      scores = graph.elementwise("Where", [graph.cast(mask, to: .bool), scores, hidden], shape: matrices)
    }
    var shares = graph.unary("Softmax", scores, [.int("axis", -1)])
    // A query that may see no key gets zeros.
    if let mask { shares = graph.elementwise("Mul", [shares, seen(graph, mask)], shape: matrices) }
    let values = split(v, [1, 0, 2])
    let sums = graph.value(
      "MatMul", [shares.name, values.name], shape: [heads, queries, values.shape[2]], hasBatch: true)
    return graph.shared(graph.reshaped(graph.transposed(sums, [1, 0, 2]), site.shape), if: isShared)
  }

  /// 1 where a mask is anything but 0.
  private func seen(_ graph: ONNXGraph, _ mask: ONNXValue) -> ONNXValue { graph.cast(graph.cast(mask, to: .bool), to: .float) }

  /// [queries, keys], for all heads: 0 where a query must not see a key.
  private func mask(_ site: ONNXSite, _ queries: Int, _ keys: Int) -> ONNXValue? {
    let graph = site.graph
    let given = site.inputs.count > 3 ? graph.reshaped(site.inputs[3], [1, queries, keys]) : nil
    guard isCausal else { return given }
    let numbers = (0..<queries * keys).map { Float($0 % keys <= $0 / keys ? 1 : 0) }
    let causal = graph.constant("causal", Tensor(numbers, shape: [1, queries, keys]))
    return given.map { graph.elementwise("Mul", [$0, causal], shape: [1, queries, keys]) } ?? causal
  }
}
