import DeepSwiftKernels

/// A fully connected layer: `y = x · kernel + bias`, rectified on request.
///
/// x [..., inputs], kernel [inputs, outputs], bias [outputs]. Where a sample is one vector, a large kernel is read once for
/// all rows while the workers share its columns, and a small one goes by rows. Where a sample holds many vectors (time,
/// pixels), it is a convolution with a window of one place.
package struct DenseProductOp: AcceptsBias {
  package var rectifies = false
  package var hasBias = false
  package let masksInputGradients = true

  package func shape(_ inputs: [Shape]) throws -> Shape {
    let (x, kernel) = (inputs[0], inputs[1])
    guard x.rank > 0 else {
      throw ModelError(
        .shape,
        "a sample is a single number, shape [], but a vector is needed. Give the data an axis of features: "
          + "x.expandingDimensions(axis: 1)")
    }
    guard x.last == kernel[0] else {
      throw ModelError(.shape, "input has \(x.last) features, kernel expects \(kernel[0])")
    }
    return Shape(x.dimensions.dropLast() + [kernel[1]])
  }

  private struct Sizes {
    let inputs, outputs, vectors: Int
    /// The kernel has few columns, so that it fits the cache beside the rows.
    var isSmall: Bool { outputs <= 16 && vectors == 1 }
  }

  private func sizes(_ node: Node) -> Sizes {
    Sizes(inputs: node.inputs[0].shape.last, outputs: node.shape.last, vectors: node.count / node.shape.last)
  }

  /// Many vectors in a sample: a convolution of a column of places with a window of one.
  private func convolution(_ node: Node) -> ConvolutionSteps? {
    let s = sizes(node)
    guard s.vectors > 1, node.isPerSample else { return nil }
    return ConvolutionSteps(
      geometry: ds_convolution(
        height: Int32(s.vectors), width: 1, inputs: Int32(s.inputs), outputs: Int32(s.outputs), kernel_height: 1,
        kernel_width: 1, stride_height: 1, stride_width: 1, dilation_height: 1, dilation_width: 1, pad_top: 0, pad_left: 0,
        out_height: Int32(s.vectors), out_width: 1, groups: 1, direct: 0), rectifies: rectifies, hasBias: hasBias)
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    if let convolution = convolution(site.node) { return convolution.forward(site, &plan) }
    let s = sizes(site.node), rectify: Int32 = rectifies ? 1 : 0
    let (x, w, bias, y) = (site.inputs[0], site.inputs[1], hasBias ? site.inputs[2] : nil, site.output)
    if s.isSmall {
      let packed = plan.buffer(.once(s.inputs * (16 + s.outputs)))
      plan.shared("pack", parts: 1, reads: [w], writes: [packed]) { chunk in
        kernels.few_pack(s.inputs, s.outputs, chunk[w], chunk[packed])
      }
      plan.each(site, "dense", reads: [x, packed, bias], writes: [y]) { chunk in
        kernels.few_forward(chunk.rows, s.inputs, s.outputs, chunk[x], chunk[packed], chunk[bias], rectify, chunk[y])
      }
      return [packed]
    }
    let rows = site.isPerSample ? plan.settings.capacity : 1
    let room = plan.room(floats: kernels.dense_workspace(rows, s.inputs, s.outputs))
    let isPerSample = site.isPerSample
    plan.shared("dense", parts: kernels.dense_forward_parts(s.inputs, s.outputs), reads: [x, w, bias], writes: [y]) { chunk in
      kernels.dense_forward(
        isPerSample ? chunk.rows : 1, s.inputs, s.outputs, chunk[x], chunk[w], chunk[bias], rectify, chunk[y],
        chunk.firstPart, chunk.lastPart, chunk[room])
    }
    return []
  }

  /// dx = dy · kernelᵀ, dkernel = xᵀ · dy, dbias = Σ dy
  package func backward(_ site: Site, _ plan: inout Plan) {
    if let convolution = convolution(site.node) { return convolution.backward(site, &plan) }
    let s = sizes(site.node), isPerSample = site.isPerSample
    let (x, w, dy, mask) = (site.inputs[0], site.inputs[1], site.outputGradient, site.masks[0])
    func rows(_ chunk: Chunk) -> Int { isPerSample ? chunk.rows : 1 }
    if hasBias, let db = site.inputGradients[2] {
      plan.shared("dense db", parts: Chunk.lines(s.outputs), reads: [dy], writes: [db]) { chunk in
        let columns = chunk.elements(of: s.outputs)
        kernels.column_sums(rows(chunk), s.outputs, 1, chunk[dy], chunk[db], columns.lowerBound, columns.upperBound)
      }
    }
    let capacity = isPerSample ? plan.settings.capacity : 1

    if s.isSmall {
      let packed = site.kept[0]
      if let dx = site.inputGradients[0] {
        plan.each(site, "dense dx", reads: [dy, packed, mask], writes: [dx]) { chunk in
          kernels.few_backward_input(chunk.rows, s.inputs, s.outputs, chunk[dy], chunk[packed], chunk[mask], chunk[dx])
        }
      }
      if let dw = site.inputGradients[1] {
        let room = plan.room(floats: 16 * capacity)
        plan.shared("dense dw", parts: (s.inputs + 7) / 8, reads: [x, dy], writes: [dw]) { chunk in
          kernels.few_backward_kernel(
            rows(chunk), s.inputs, s.outputs, chunk[x], chunk[dy], chunk[dw], 8 * chunk.firstPart,
            min(8 * chunk.lastPart, s.inputs), chunk[room])
        }
      }
      return
    }

    let room = plan.room(floats: kernels.dense_workspace(capacity, s.inputs, s.outputs))
    if let dx = site.inputGradients[0] {
      plan.shared(
        "dense dx", parts: kernels.dense_backward_input_parts(s.inputs, s.outputs), reads: [dy, w, mask], writes: [dx]
      ) { chunk in
        kernels.dense_backward_input(
          rows(chunk), s.inputs, s.outputs, chunk[dy], chunk[w], chunk[mask], chunk[dx], chunk.firstPart, chunk.lastPart,
          chunk[room])
      }
    }
    if let dw = site.inputGradients[1] {
      plan.shared(
        "dense dw", parts: kernels.dense_backward_kernel_parts(s.inputs, s.outputs), reads: [x, dy], writes: [dw]
      ) { chunk in
        kernels.dense_backward_kernel(
          rows(chunk), s.inputs, s.outputs, chunk[x], chunk[dy], chunk[dw], chunk.firstPart, chunk.lastPart, chunk[room])
      }
    }
  }
}
