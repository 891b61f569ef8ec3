import DeepSwiftKernels

/// `y = Σ kernel · x` over windows of an image, plus bias, rectified on request.
///
/// x [height, width, inputs], kernel [height, width, inputs / groups, filters], bias [filters].
package struct ConvolutionOp: AcceptsBias {
  package let strides: [Int]
  package let padding: Padding
  package let dilation: [Int]
  package let groups: Int
  package var rectifies = false
  package var hasBias = false
  package let masksInputGradients = true

  init(strides: [Int], padding: Padding, dilation: [Int], groups: Int) {
    (self.strides, self.padding, self.dilation, self.groups) = (strides, padding, dilation, groups)
  }

  package func shape(_ inputs: [Shape]) throws -> Shape {
    let (x, kernel) = (inputs[0], inputs[1])
    guard x.rank == 3 else {
      throw ModelError(
        .shape,
        "expects images, samples of shape [height, width, channels], received samples of shape \(x)."
          + (x.rank == 2 ? " Add an axis of one channel: Reshape([\(x[0]), \(x[1]), 1])." : ""))
    }
    guard kernel.rank == 4, groups > 0, x[2] % groups == 0, kernel[3] % groups == 0, kernel[2] * groups == x[2] else {
      throw ModelError(
        .shape,
        "input has \(x[2]) channels, kernel \(kernel) in \(groups) groups expects \(kernel.rank == 4 ? kernel[2] * groups : 0)")
    }
    let (rows, columns) = try axes(x, kernel)
    return [rows.count, columns.count, kernel[3]]
  }

  /// How windows move along height and width.
  package func axes(_ x: Shape, _ kernel: Shape) throws -> (WindowAxis, WindowAxis) {
    try (
      WindowAxis(length: x[0], window: kernel[0], stride: strides[0], dilation: dilation[0], padding: padding, name: "height"),
      WindowAxis(length: x[1], window: kernel[1], stride: strides[1], dilation: dilation[1], padding: padding, name: "width")
    )
  }

  private func steps(_ node: Node) -> ConvolutionSteps {
    let (x, kernel) = (node.inputs[0].shape, node.inputs[1].shape), (rows, columns) = try! axes(x, kernel)
    return ConvolutionSteps(
      geometry: ds_convolution(
        height: x[0], width: x[1], inputs: x[2], outputs: kernel[3], window: (kernel[0], kernel[1]), strides: strides,
        dilation: dilation, rows: rows, columns: columns, groups: groups), rectifies: rectifies, hasBias: hasBias)
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] { steps(site.node).forward(site, &plan) }
  package func backward(_ site: Site, _ plan: inout Plan) { steps(site.node).backward(site, &plan) }
}

extension ds_convolution {
  init(
    height: Int, width: Int, inputs: Int, outputs: Int, window: (Int, Int), strides: [Int], dilation: [Int],
    rows: WindowAxis, columns: WindowAxis, groups: Int
  ) {
    self.init(
      height: Int32(height), width: Int32(width), inputs: Int32(inputs), outputs: Int32(outputs),
      kernel_height: Int32(window.0), kernel_width: Int32(window.1), stride_height: Int32(strides[0]),
      stride_width: Int32(strides[1]), dilation_height: Int32(dilation[0]), dilation_width: Int32(dilation[1]),
      pad_top: Int32(rows.before), pad_left: Int32(columns.before), out_height: Int32(rows.count),
      out_width: Int32(columns.count), groups: Int32(groups), direct: 0)
  }
}

/// Some rows of a convolution's output as a convolution of their own, and where they and what they see begin.
struct ConvolutionBand {
  let geometry: ds_convolution
  let firstInput, firstOutput: Int
}

extension ds_convolution {
  /// How many numbers are multiplied for one sample.
  var products: Int {
    [out_height, out_width, kernel_height, kernel_width, inputs / groups, outputs].reduce(1) { $0 * Int($1) }
  }

  /// The output cut into nearly equal bands for several workers.
  ///
  /// Bands begin at tiles of Winograd's algorithm and are read from the same packed weights, so that every number is the
  /// one that the whole would give.
  func bands(atMost count: Int) -> [ConvolutionBand] {
    let tile = 4, tiles = Int(out_height) / tile, whole = [ConvolutionBand(geometry: self, firstInput: 0, firstOutput: 0)]
    let isWideEnough = out_width >= tile || kernel_width == 1
    guard tiles > 1, count > 1, isWideEnough else { return whole }
    let bands = (0..<min(count, tiles)).map { index in
      let part = share(of: tiles, index, of: min(count, tiles))
      return band(part.lowerBound * tile..<(part.upperBound == tiles ? Int(out_height) : part.upperBound * tile))
    }
    func packedSize(_ geometry: ds_convolution) -> Int { withUnsafePointer(to: geometry) { kernels.conv_packed_size($0, 0) } }
    let areAlike = bands.allSatisfy { $0.geometry.height > 0 && packedSize($0.geometry) == packedSize(self) }
    return areAlike ? bands : whole
  }

  private func band(_ rows: Range<Int>) -> ConvolutionBand {
    let span = Int((kernel_height - 1) * dilation_height) + 1, stride = Int(stride_height)
    let top = rows.lowerBound * stride - Int(pad_top), bottom = top + (rows.count - 1) * stride + span
    var geometry = self
    geometry.pad_top = Int32(max(-top, 0))
    geometry.height = Int32(min(bottom, Int(height)) - max(top, 0))
    geometry.out_height = Int32(rows.count)
    return ConvolutionBand(
      geometry: geometry, firstInput: max(top, 0) * Int(width) * Int(inputs),
      firstOutput: rows.lowerBound * Int(out_width) * Int(outputs))
  }
}

/// The steps of a convolution whose geometry is known. The kernels choose the algorithm and the layout of packed weights.
struct ConvolutionSteps {
  let geometry: ds_convolution
  let rectifies, hasBias: Bool

  private func geometry(_ plan: Plan) -> UnsafePointer<ds_convolution> {
    var g = geometry
    g.direct = plan.settings.usesWinograd ? 0 : 1
    return plan.constants.pointer(g)
  }

  /// Weights are packed once for all rows; then rows go through, any few at a time.
  func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let g = geometry(plan), rectify: Int32 = rectifies ? 1 : 0
    let (x, kernel, bias, y) = (site.inputs[0], site.inputs[1], hasBias ? site.inputs[2] : nil, site.output)
    func pack(flipped: Int32) -> Buffer {
      let packed = plan.buffer(.once(kernels.conv_packed_size(g, flipped)))
      plan.shared("pack", parts: kernels.conv_pack_parts(g, flipped), reads: [kernel], writes: [packed]) { chunk in
        kernels.conv_pack(g, flipped, chunk[kernel], chunk[packed], chunk.firstPart, chunk.lastPart)
      }
      return packed
    }
    let packed = pack(flipped: 0)
    let flipped = site.inputGradients[0] == nil ? nil : pack(flipped: 1)
    let bands = g.pointee.bands(atMost: plan.workers(forOneRowOf: site, products: geometry.products))
    if bands.count > 1 {
      let room = plan.room(floats: bands.map { withUnsafePointer(to: $0.geometry) { kernels.conv_workspace($0) } }.max()!)
      let geometries = plan.constants.pointer(array: bands.map(\.geometry))
      let starts = plan.constants.pointer(array: bands.map { ($0.firstInput, $0.firstOutput) })
      plan.shared("conv", parts: bands.count, reads: [x, packed, bias], writes: [y], work: geometry.products) { chunk in
        for part in chunk.parts {
          kernels.conv_forward(
            geometries + part, 1, chunk[x] + starts[part].0, chunk[packed], chunk[bias], rectify, chunk[y] + starts[part].1,
            chunk[room])
        }
      }
    } else {
      let room = plan.room(floats: kernels.conv_workspace(g))
      plan.each(site, "conv", reads: [x, packed, bias], writes: [y]) { chunk in
        kernels.conv_forward(g, chunk.rows, chunk[x], chunk[packed], chunk[bias], rectify, chunk[y], chunk[room])
      }
    }
    return flipped.map { [$0] } ?? []
  }

  func backward(_ site: Site, _ plan: inout Plan) {
    let g = geometry(plan), outputs = Int(geometry.outputs)
    let (x, dy, room) = (site.inputs[0], site.outputGradient, plan.room(floats: kernels.conv_workspace(g)))
    let db = hasBias ? site.inputGradients[2] : nil, isPerSample = site.isPerSample

    if let dw = site.inputGradients[1] {
      let size = kernels.conv_sum_size(g), sum = plan.buffer(.perShard(size))
      let biasSum = db.map { _ in plan.buffer(.perShard(outputs)) }
      plan.each(site, "conv dw", reads: [x, dy], writes: [sum, biasSum]) { chunk in
        kernels.conv_backward_kernel(
          g, chunk.rows, chunk[x], chunk[dy], chunk.start, chunk[sum], chunk[biasSum], chunk[room])
      }
      plan.shared("conv dw", parts: kernels.conv_finish_parts(g), reads: [sum], writes: [dw]) { chunk in
        kernels.conv_finish(
          g, isPerSample ? chunk.batch.pointee.shards : 1, Memory.rounded(size), chunk[sum], chunk[dw], chunk.firstPart,
          chunk.lastPart)
      }
      if let biasSum, let db { plan.sumShards(biasSum, into: db, count: outputs, isPerSample: isPerSample) }
    } else if let db {
      let places = site.node.count / outputs, biasSum = plan.buffer(.perShard(outputs))
      plan.each(site, "conv db", reads: [dy], writes: [biasSum]) { chunk in
        kernels.column_sums(chunk.rows * places, outputs, chunk.start, chunk[dy], chunk[biasSum], 0, outputs)
      }
      plan.sumShards(biasSum, into: db, count: outputs, isPerSample: isPerSample)
    }

    if let dx = site.inputGradients[0] {
      let (flipped, mask) = (site.kept[0], site.masks[0])
      plan.each(site, "conv dx", reads: [dy, flipped, mask], writes: [dx]) { chunk in
        kernels.conv_backward_input(g, chunk.rows, chunk[dy], chunk[flipped], chunk[mask], chunk[dx], chunk[room])
      }
    }
  }
}
