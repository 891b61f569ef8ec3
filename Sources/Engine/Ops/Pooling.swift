import DeepSwiftKernels

/// A window that moves over an image [height, width, channels].
package struct PoolingWindow {
  package let size, strides: [Int]
  package let padding: Padding

  package func shape(_ x: Shape) throws -> Shape {
    guard x.rank == 3 else {
      throw ModelError(.shape, "expects images, samples of shape [height, width, channels], received samples of shape \(x)")
    }
    let (rows, columns) = try axes(x)
    return [rows.count, columns.count, x[2]]
  }

  /// How windows move along height and width.
  package func axes(_ x: Shape) throws -> (WindowAxis, WindowAxis) {
    try (
      WindowAxis(length: x[0], window: size[0], stride: strides[0], padding: padding, name: "height"),
      WindowAxis(length: x[1], window: size[1], stride: strides[1], padding: padding, name: "width")
    )
  }

  func geometry(_ x: Shape) -> ds_pooling {
    let (rows, columns) = try! axes(x)
    return ds_pooling(
      height: Int32(x[0]), width: Int32(x[1]), channels: Int32(x[2]), window_height: Int32(size[0]),
      window_width: Int32(size[1]), stride_height: Int32(strides[0]), stride_width: Int32(strides[1]),
      pad_top: Int32(rows.before), pad_left: Int32(columns.before), out_height: Int32(rows.count),
      out_width: Int32(columns.count))
  }
}

/// The largest element of each window.
///
/// A byte per output, or two for large windows, remembers where the gradient goes, or that it goes nowhere because the rectifier before cut it.
package struct MaxPoolingOp: Op {
  package let window: PoolingWindow
  package let masksInputGradients = true

  package func shape(_ inputs: [Shape]) throws -> Shape {
    let shape = try window.shape(inputs[0])
    guard window.size[0] * window.size[1] < 65_535 else {
      throw ModelError(.shape, "a pooling window of \(window.size[0])x\(window.size[1]) is too large; use GlobalMaxPooling2D")
    }
    return shape
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let g = plan.constants.pointer(window.geometry(site.node.inputs[0].shape))
    let (x, y) = (site.inputs[0], site.output), rectified: Int32 = site.masks[0] == nil ? 0 : 1
    // The codes are only worth their memory where somebody goes back.
    let codes = site.inputGradients[0] == nil ? nil : plan.buffer(codesExtent(site, bytes: kernels.max_pool_code_bytes(g)))
    plan.each(site, "max pool", reads: [x], writes: [y, codes]) { chunk in
      kernels.max_pool(g, chunk.rows, rectified, chunk[x], chunk[y], chunk[codes])
    }
    return codes.map { [$0] } ?? []
  }

  private func codesExtent(_ site: Site, bytes: Int) -> Extent {
    let floats = (site.node.count * bytes + 3) / 4
    return site.isPerSample ? .perRow(floats) : .once(floats)
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    guard let dx = site.inputGradients[0] else { return }
    let g = plan.constants.pointer(window.geometry(site.node.inputs[0].shape)), (codes, dy) = (site.kept[0], site.outputGradient)
    plan.each(site, "max pool dx", reads: [dy, codes], writes: [dx]) { chunk in
      kernels.max_pool_backward(g, chunk.rows, chunk[dy], chunk[codes], chunk[dx])
    }
  }
}

/// The mean of each window; padding does not count.
package struct AveragePoolingOp: Op {
  package let window: PoolingWindow

  package func shape(_ inputs: [Shape]) throws -> Shape { try window.shape(inputs[0]) }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let g = plan.constants.pointer(window.geometry(site.node.inputs[0].shape)), (x, y) = (site.inputs[0], site.output)
    plan.each(site, "average pool", reads: [x], writes: [y]) { chunk in
      kernels.average_pool(g, chunk.rows, chunk[x], chunk[y])
    }
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    guard let dx = site.inputGradients[0] else { return }
    let g = plan.constants.pointer(window.geometry(site.node.inputs[0].shape)), dy = site.outputGradient
    plan.each(site, "average pool dx", reads: [dy], writes: [dx]) { chunk in
      kernels.average_pool_backward(g, chunk.rows, chunk[dy], chunk[dx])
    }
  }
}
