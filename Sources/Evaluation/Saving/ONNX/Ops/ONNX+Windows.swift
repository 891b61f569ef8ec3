import DeepSwiftEngine

// Operations on images. There images are [channels, height, width], kernels [filters, channels, height, width].

extension ConvolutionOp: ONNXOp {
  func onnx(_ site: ONNXSite) throws -> ONNXValue {
    let (rows, columns) = try axes(site.x.shape, site.inputs[1].shape)
    return site.onImages(
      "Conv", [site.graph.transposed(site.inputs[1], [3, 2, 0, 1]).name],
      [
        .ints("kernel_shape", Array(site.inputs[1].shape.dimensions.prefix(2))), .ints("strides", strides),
        .ints("dilations", dilation), .ints("pads", pads(rows, columns)), .int("group", groups),
      ])
  }
}

extension DepthwiseConvolutionOp: ONNXOp {
  func onnx(_ site: ONNXSite) throws -> ONNXValue {
    let kernel = site.inputs[1], (rows, columns) = try axes(site.x.shape, kernel.shape)
    // One group for each channel, whose filters lie side by side.
    let turned = site.graph.transposed(kernel, [2, 3, 0, 1])
    let filters = site.graph.reshaped(turned, [kernel.shape[2] * kernel.shape[3], 1, kernel.shape[0], kernel.shape[1]])
    return site.onImages(
      "Conv", [filters.name],
      [
        .ints("kernel_shape", Array(kernel.shape.dimensions.prefix(2))), .ints("strides", strides),
        .ints("dilations", dilation), .ints("pads", pads(rows, columns)), .int("group", kernel.shape[2]),
      ])
  }
}

extension MaxPoolingOp: ONNXOp {
  func onnx(_ site: ONNXSite) throws -> ONNXValue {
    try site.onImages("MaxPool", [], window.attributes(for: site.x.shape))
  }
}

extension AveragePoolingOp: ONNXOp {
  func onnx(_ site: ONNXSite) throws -> ONNXValue {
    try site.onImages("AveragePool", [], window.attributes(for: site.x.shape) + [.int("count_include_pad", 0)])
  }
}

extension PoolingWindow {
  fileprivate func attributes(for shape: Shape) throws -> [ONNXAttribute] {
    let (rows, columns) = try axes(shape)
    return [.ints("kernel_shape", size), .ints("strides", strides), .ints("pads", pads(rows, columns))]
  }
}

extension UpsamplingOp: ONNXOp {
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let scales = site.graph.constant("scales", Tensor([1, 1, Float(factors[0]), Float(factors[1])], shape: [4]))
    let attributes: [ONNXAttribute] =
      isBilinear
      ? [.text("mode", "linear"), .text("coordinate_transformation_mode", "half_pixel")]
      : [.text("mode", "nearest"), .text("coordinate_transformation_mode", "asymmetric"), .text("nearest_mode", "floor")]
    return site.onImages("Resize", ["", scales.name], attributes)
  }
}

extension BatchNormalizationOp: ONNXOp {
  /// With moving statistics.
  func onnx(_ site: ONNXSite) -> ONNXValue {
    let weights = site.inputs.dropFirst().map(\.name), attributes = [ONNXAttribute.float("epsilon", epsilon)]
    if site.shape.rank == 3 { return site.onImages("BatchNormalization", weights, attributes) }
    // The operator takes the second axis for channels: all other axes become the batch.
    let graph = site.graph, x = graph.channelsLast(site.x)
    let lines = graph.add("Reshape", [x.name, graph.integers([-1, site.shape.last])])
    let normalized = graph.add("BatchNormalization", [lines] + weights, attributes)
    let target = (x.hasBatch ? [-1] : []) + site.shape.dimensions
    return graph.value("Reshape", [normalized, graph.integers(target)], shape: site.shape, hasBatch: x.hasBatch)
  }
}

private func pads(_ rows: WindowAxis, _ columns: WindowAxis) -> [Int] {
  [rows.before, columns.before, rows.after, columns.after]
}

extension ONNXSite {
  /// An operator on images with channels first.
  fileprivate func onImages(_ type: String, _ others: [String], _ attributes: [ONNXAttribute]) -> ONNXValue {
    let images = graph.channelsFirst(graph.batched(x))
    let y = graph.value(type, [images.name] + others, attributes, shape: shape, hasBatch: true, order: .channelsFirst)
    return graph.shared(y, if: !x.hasBatch)
  }
}
