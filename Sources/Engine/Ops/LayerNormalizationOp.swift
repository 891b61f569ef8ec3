import DeepSwiftKernels

/// `y = (x - mean) / sqrt(variance + epsilon) · gamma + beta` along the last axis: inputs `[x, gamma, beta]`.
package struct LayerNormalizationOp: Op {
  package let epsilon: Float

  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard inputs[0].rank > 0, inputs[1] == [inputs[0].last], inputs[2] == [inputs[0].last] else {
      throw ModelError(.shape, "input of shape \(inputs[0]) needs gamma and beta of shape [\(inputs[0].last)]")
    }
    return inputs[0]
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (x, gamma, beta, y) = (site.inputs[0], site.inputs[1], site.inputs[2], site.output), epsilon = epsilon
    let width = site.node.shape.last, lines = site.node.count / width
    let statistics = plan.buffer(site.isPerSample ? .perRow(2 * lines) : .once(2 * lines))
    plan.each(site, "layer norm", reads: [x, gamma, beta], writes: [y, statistics]) { chunk in
      kernels.layer_norm(
        chunk.rows * lines, width, epsilon, chunk[x], chunk[gamma], chunk[beta], chunk[y], chunk[statistics])
    }
    return [statistics]
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    let (x, gamma, dy, statistics) = (site.inputs[0], site.inputs[1], site.outputGradient, site.kept[0])
    let width = site.node.shape.last, lines = site.node.count / width
    let (dx, dGamma, dBeta) = (site.inputGradients[0], site.inputGradients[1], site.inputGradients[2])
    let sums = dGamma == nil && dBeta == nil ? nil : plan.buffer(.perShard(2 * width))
    plan.each(site, "layer norm dx", reads: [x, gamma, dy, statistics], writes: [dx, sums]) { chunk in
      kernels.layer_norm_backward(
        chunk.rows * lines, width, chunk[x], chunk[statistics], chunk[gamma], chunk[dy], chunk.start, chunk[dx], chunk[sums])
    }
    guard let sums else { return }
    let stride = Memory.rounded(2 * width), isPerSample = site.isPerSample
    for (gradient, start) in [(dGamma, 0), (dBeta, width)] {
      guard let gradient else { continue }
      plan.shared("layer norm dw", parts: Chunk.lines(width), reads: [sums], writes: [gradient]) { chunk in
        let range = chunk.elements(of: width)
        kernels.sum_terms(
          isPerSample ? chunk.batch.pointee.shards : 1, stride, chunk[sums] + start, chunk[gradient], range.lowerBound,
          range.upperBound)
      }
    }
  }
}
