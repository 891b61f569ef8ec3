import DeepSwiftKernels

/// `y = scale · x + offset` with two numbers that never change.
package struct AffineOp: Op {
  package let scale, offset: Float

  package func shape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (x, y, count) = (site.inputs[0], site.output, site.node.count), scale = scale, offset = offset
    plan.each(site, "affine", reads: [x], writes: [y]) { chunk in
      kernels.affine(chunk.rows * count, scale, offset, chunk[x], chunk[y])
    }
    return []
  }

  /// dx = scale · dy
  package func backward(_ site: Site, _ plan: inout Plan) {
    guard let dx = site.inputGradients[0] else { return }
    let (dy, count) = (site.outputGradient, site.node.count), scale = scale
    plan.each(site, "affine dx", reads: [dy], writes: [dx]) { chunk in
      kernels.affine(chunk.rows * count, scale, 0, chunk[dy], chunk[dx])
    }
  }
}
