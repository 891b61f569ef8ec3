import DeepSwiftEngine

extension ReshapingOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue { site.graph.reshaped(site.x, site.shape) }
}

extension TranspositionOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue { site.graph.transposed(site.x, order) }
}

extension SliceOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let (graph, x) = (site.graph, site.x), axis = x.place(ofAxis: axis < 0 ? axis + x.shape.rank : axis)
    let numbers = [[range.lowerBound], [range.upperBound], [axis], [step]].map(graph.integers)
    return graph.value("Slice", [x.name] + numbers, shape: site.shape, hasBatch: x.hasBatch, order: x.order)
  }
}

extension PadOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let (graph, x) = (site.graph, site.x), rank = x.shape.rank + (x.hasBatch ? 1 : 0)
    // Those before all axes, then those behind them.
    var places = Array(repeating: 0, count: 2 * rank)
    for (axis, width) in widths.enumerated() {
      places[x.place(ofAxis: axis)] = width[0]
      places[rank + x.place(ofAxis: axis)] = width[1]
    }
    return graph.value(
      "Pad", [x.name, graph.integers(places), graph.number(value)], shape: site.shape, hasBatch: x.hasBatch, order: x.order)
  }
}

extension ConcatenationOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let graph = site.graph, axis = axis < 0 ? axis + site.shape.rank : axis
    var operands = site.inputs
    if operands.allSatisfy({ $0.hasBatch && $0.shape.rank == 3 }), operands.contains(where: { $0.order == .channelsFirst }) {
      operands = operands.map(graph.channelsFirst)
    } else {
      operands = operands.map(graph.channelsLast)
    }
    if let sample = operands.first(where: \.hasBatch) { operands = operands.map { graph.repeated($0, asOftenAs: sample) } }
    return graph.value(
      "Concat", operands.map(\.name), [.int("axis", operands[0].place(ofAxis: axis))], shape: site.shape,
      hasBatch: operands[0].hasBatch, order: operands[0].order)
  }
}

extension GatherOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let graph = site.graph, table = graph.channelsLast(site.x)
    let index = graph.cast(graph.channelsLast(site.inputs[1]), to: .int64)
    if table.hasBatch, index.hasBatch {
      // A table for each sample: its rows by (sample, number).
      let numbers = graph.add("Unsqueeze", [index.name, graph.integers([-1])])
      return graph.value("GatherND", [table.name, numbers], [.int("batch_dims", 1)], shape: site.shape, hasBatch: true)
    }
    return graph.value(
      "Gather", [table.name, index.name], [.int("axis", table.hasBatch ? 1 : 0)], shape: site.shape,
      hasBatch: table.hasBatch || index.hasBatch)
  }
}

extension ResamplingOp: ONNXOp {
  /// A product with a matrix of what each new pixel takes of the old ones.
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let graph = site.graph, (height, width, channels) = (site.x.shape[0], site.x.shape[1], site.x.shape[2])
    let old = site.x.shape[axis], taps = method.taps(from: old, to: length, antialias: antialias)
    var numbers = Array(repeating: Float(0), count: length * old)
    for new in 0..<length {
      for tap in 0..<taps.count { numbers[new * old + Int(taps.first[new]) + tap] += taps.weights[new * taps.count + tap] }
    }
    let matrix = graph.constant("resampling", Tensor(numbers, shape: [length, old]))
    // Along the height a row is one line of numbers; along the width each row is a matrix of its own.
    let lines = graph.reshaped(site.x, axis == 0 ? [height, width * channels] : site.x.shape)
    let product = graph.value(
      "MatMul", [matrix.name, lines.name], shape: axis == 0 ? [length, width * channels] : site.shape, hasBatch: lines.hasBatch)
    return graph.reshaped(product, site.shape)
  }
}
