import DeepSwiftKernels

/// An image [height, width, channels] enlarged by whole factors.
package struct UpsamplingOp: Op {
  package let factors: [Int]
  package let isBilinear: Bool

  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard inputs[0].rank == 3 else {
      throw ModelError(
        .shape, "expects images, samples of shape [height, width, channels], received samples of shape \(inputs[0])")
    }
    return [inputs[0][0] * factors[0], inputs[0][1] * factors[1], inputs[0][2]]
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let s = site.node.inputs[0].shape, (x, y) = (site.inputs[0], site.output), factors = factors
    let bilinear: Int32 = isBilinear ? 1 : 0
    plan.each(site, "upsample", reads: [x], writes: [y]) { chunk in
      kernels.upsample(chunk.rows, s[0], s[1], s[2], factors[0], factors[1], bilinear, chunk[x], chunk[y])
    }
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    guard let dx = site.inputGradients[0] else { return }
    let s = site.node.inputs[0].shape, dy = site.outputGradient, factors = factors
    let bilinear: Int32 = isBilinear ? 1 : 0
    plan.each(site, "upsample dx", reads: [dy], writes: [dx]) { chunk in
      kernels.upsample_backward(chunk.rows, s[0], s[1], s[2], factors[0], factors[1], bilinear, chunk[dy], chunk[dx])
    }
  }
}
