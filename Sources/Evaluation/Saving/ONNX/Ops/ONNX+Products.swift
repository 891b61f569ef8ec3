import DeepSwiftEngine

extension DenseProductOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let x = site.graph.channelsLast(site.x)
    return site.graph.value("MatMul", [x.name, site.inputs[1].name], shape: site.shape, hasBatch: x.hasBatch)
  }
}

extension MatrixProductOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    // Leading axes are broadcast as those of single elements are, the last two stay.
    site.graph.elementwise("MatMul", site.inputs.map(site.graph.channelsLast), shape: site.shape)
  }
}

extension ReductionOp: ONNXOp {
  func onnx(_ site: ONNXSite) throws -> ONNXValue {
    let graph = site.graph, reduced = try reducedAxes(site.x.shape).sorted()
    guard kind != .argmax else { return largest(site, along: reduced) }
    guard !reduced.isEmpty else { return site.x }
    // Channels come first only where no order is left, or where it stays.
    let staysFirst = keepsAxes || reduced.starts(with: [0, 1])
    let x = staysFirst ? site.x : graph.channelsLast(site.x)
    let type =
      switch kind {
      case .sum: "ReduceSum"
      case .mean: "ReduceMean"
      case .maximum: "ReduceMax"
      case .minimum: "ReduceMin"
      case .product: "ReduceProd"
      case .argmax: "ArgMax"
      }
    return graph.value(
      type, [x.name, graph.integers(reduced.map(x.place(ofAxis:)))], [.int("keepdims", keepsAxes ? 1 : 0)], shape: site.shape,
      hasBatch: x.hasBatch, order: keepsAxes ? x.order : .channelsLast)
  }

  /// The operator knows one axis: those that are searched become the last one.
  private func largest(_ site: ONNXSite, along reduced: [Int]) -> ONNXValue {
    let graph = site.graph, kept = site.x.shape.dimensions.indices.filter { !reduced.contains($0) }
    let turned = graph.transposed(site.x, kept + reduced), count = reduced.reduce(1) { $0 * site.x.shape[$1] }
    let places = Shape(kept.map { site.x.shape[$0] })
    let lines = graph.reshaped(turned, Shape(places.dimensions + [count]))
    let found = graph.value(
      "ArgMax", [lines.name], [.int("axis", -1), .int("keepdims", 0)], shape: places, hasBatch: lines.hasBatch)
    return graph.reshaped(graph.cast(found, to: .float), site.shape)
  }
}

extension LayerNormalizationOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let x = site.graph.channelsLast(site.x)
    return site.graph.value(
      "LayerNormalization", [x.name] + site.inputs.dropFirst().map(\.name), [.int("axis", -1), .float("epsilon", epsilon)],
      shape: site.shape, hasBatch: x.hasBatch)
  }
}
