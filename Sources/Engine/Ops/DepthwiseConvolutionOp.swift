import DeepSwiftKernels

/// A convolution of each channel with kernels of its own.
///
/// x [height, width, channels], kernel [height, width, channels, multiplier], bias [channels · multiplier]; output channel
/// `c · multiplier + m`.
package struct DepthwiseConvolutionOp: AcceptsBias {
  package let strides: [Int]
  package let padding: Padding
  package let dilation: [Int]
  package var rectifies = false
  package var hasBias = false
  package let masksInputGradients = true

  init(strides: [Int], padding: Padding, dilation: [Int]) {
    (self.strides, self.padding, self.dilation) = (strides, padding, dilation)
  }

  package func shape(_ inputs: [Shape]) throws -> Shape {
    let (x, kernel) = (inputs[0], inputs[1])
    guard x.rank == 3 else {
      throw ModelError(.shape, "expects images, samples of shape [height, width, channels], received samples of shape \(x)")
    }
    guard kernel.rank == 4, kernel[2] == x[2] else {
      throw ModelError(.shape, "input has \(x[2]) channels, kernel \(kernel) expects \(kernel.rank == 4 ? kernel[2] : 0)")
    }
    let (rows, columns) = try axes(x, kernel)
    return [rows.count, columns.count, kernel[2] * kernel[3]]
  }

  /// How windows move along height and width.
  package func axes(_ x: Shape, _ kernel: Shape) throws -> (WindowAxis, WindowAxis) {
    try (
      WindowAxis(length: x[0], window: kernel[0], stride: strides[0], dilation: dilation[0], padding: padding, name: "height"),
      WindowAxis(length: x[1], window: kernel[1], stride: strides[1], dilation: dilation[1], padding: padding, name: "width")
    )
  }

  private func geometry(_ node: Node) -> ds_convolution {
    let (x, kernel) = (node.inputs[0].shape, node.inputs[1].shape), (rows, columns) = try! axes(x, kernel)
    return ds_convolution(
      height: x[0], width: x[1], inputs: x[2], outputs: node.shape[2], window: (kernel[0], kernel[1]), strides: strides,
      dilation: dilation, rows: rows, columns: columns, groups: x[2])
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let g = plan.constants.pointer(geometry(site.node)), rectify: Int32 = rectifies ? 1 : 0
    let (x, kernel, bias, y) = (site.inputs[0], site.inputs[1], hasBias ? site.inputs[2] : nil, site.output)
    let room = plan.room(floats: kernels.depthwise_workspace(g))
    plan.each(site, "depthwise", reads: [x, kernel, bias], writes: [y]) { chunk in
      kernels.depthwise_forward(g, chunk.rows, chunk[x], chunk[kernel], chunk[bias], rectify, chunk[y], chunk[room])
    }
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    let g = plan.constants.pointer(geometry(site.node))
    let (x, kernel, dy, mask) = (site.inputs[0], site.inputs[1], site.outputGradient, site.masks[0])
    let room = plan.room(floats: kernels.depthwise_workspace(g))
    let outputs = site.node.shape[2], size = site.node.inputs[1].count
    let db = hasBias ? site.inputGradients[2] : nil
    if site.inputGradients[1] != nil || db != nil {
      let sum = plan.buffer(.perShard(size)), biasSum = db.map { _ in plan.buffer(.perShard(outputs)) }
      plan.each(site, "depthwise dw", reads: [x, dy], writes: [sum, biasSum]) { chunk in
        kernels.depthwise_backward_kernel(
          g, chunk.rows, chunk[x], chunk[dy], chunk.start, chunk[sum], chunk[biasSum], chunk[room])
      }
      if let dw = site.inputGradients[1] { plan.sumShards(sum, into: dw, count: size, isPerSample: site.isPerSample) }
      if let biasSum, let db { plan.sumShards(biasSum, into: db, count: outputs, isPerSample: site.isPerSample) }
    }
    if let dx = site.inputGradients[0] {
      plan.each(site, "depthwise dx", reads: [dy, kernel, mask], writes: [dx]) { chunk in
        kernels.depthwise_backward_input(g, chunk.rows, chunk[dy], chunk[kernel], chunk[mask], chunk[dx], chunk[room])
      }
    }
  }
}
