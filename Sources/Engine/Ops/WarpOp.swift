import DeepSwiftKernels

/// An image looked up at the places that an affine map gives: inputs `[image, map]`, the map of six numbers.
struct WarpOp: Op {
  let height, width: Int
  let interpolation: Warp.Interpolation
  let fillMode: Warp.FillMode
  let fillValue: Float

  func shape(_ inputs: [Shape]) throws -> Shape {
    guard inputs[0].rank == 3, inputs[1].count == 6 else {
      throw ModelError(
        .shape, "expects images [height, width, channels] and a map of 6 numbers, received \(inputs[0]) and \(inputs[1])")
    }
    guard height > 0, width > 0 else {
      throw ModelError(.argument, "the size of an image must be positive, received [\(height), \(width)]")
    }
    return [height, width, inputs[0][2]]
  }

  private func geometry(_ node: Node) -> ds_warp {
    let x = node.inputs[0].shape
    let fill =
      switch fillMode {
      case .constant: ds_fill_constant
      case .nearest: ds_fill_nearest
      case .reflect: ds_fill_reflect
      case .wrap: ds_fill_wrap
      }
    return ds_warp(
      height: x[0], width: x[1], channels: x[2], out_height: height, out_width: width,
      bilinear: interpolation == .bilinear ? 1 : 0, fill: fill, value: fillValue)
  }

  /// An image that all samples share has as many rows as its maps only where the result has.
  private func sharesImage(_ node: Node) -> Bool { node.isPerSample && !node.inputs[0].isPerSample }

  func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (x, map, y) = (site.inputs[0], site.inputs[1], site.output), count = site.node.count
    let warp = plan.constants.pointer(geometry(site.node)), sharesImage = sharesImage(site.node)
    let mapRow = site.node.inputs[1].isPerSample ? 6 : 0
    plan.each(site, "warp", reads: [x, map], writes: [y]) { chunk in
      guard sharesImage else { return kernels.warp(warp, chunk.rows, chunk[x], chunk[map], mapRow, chunk[y]) }
      for row in 0..<chunk.rows {
        kernels.warp(warp, 1, chunk[x], chunk[map] + row * mapRow, mapRow, chunk[y] + row * count)
      }
    }
    return []
  }

  /// dx gets back the shares that y took.
  func backward(_ site: Site, _ plan: inout Plan) {
    let (map, dy) = (site.inputs[1], site.outputGradient), count = site.node.count
    let warp = plan.constants.pointer(geometry(site.node)), pixels = site.node.inputs[0].count
    let mapRow = site.node.inputs[1].isPerSample ? 6 : 0
    guard sharesImage(site.node) else {
      return plan.gradient(site, toward: 0, "warp dx", reads: [map, dy]) { chunk, dx in
        kernels.warp_backward(warp, chunk.rows, chunk[dy], chunk[map], mapRow, dx)
      }
    }
    let room = plan.room(floats: pixels)
    plan.gradient(site, toward: 0, "warp dx", reads: [map, dy]) { chunk, dx in
      if chunk.isFirst { dx.update(repeating: 0, count: pixels) }
      for row in 0..<chunk.rows {
        kernels.warp_backward(warp, 1, chunk[dy] + row * count, chunk[map] + row * mapRow, mapRow, chunk[room])
        kernels.add(pixels, dx, chunk[room], 0, dx)
      }
    }
  }
}
