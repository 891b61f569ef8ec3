import DeepSwiftKernels

/// `y = (x - mean) / sqrt(variance + epsilon) · gamma + beta` with statistics of the whole batch, per channel.
///
/// x [..., channels]; inputs `[x, gamma, beta, moving mean, moving variance]` and perhaps something of x's shape that is added
/// to the result before the rectifier. The statistics need all rows, so each
/// direction has three parts: sum by rows, add up the shards' sums, apply by rows. Only the tiny middle part makes the
/// workers meet. In inference the moving statistics serve instead, and there is one part.
package struct BatchNormalizationOp: AcceptsRectifier, RepeatedOp {
  package let momentum, epsilon: Float
  package var rectifies = false
  package var adds = false
  package let masksInputGradients = true

  init(momentum: Float, epsilon: Float) { (self.momentum, self.epsilon) = (momentum, epsilon) }

  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard inputs[0].rank > 0, inputs[1..<5].allSatisfy({ $0 == [inputs[0].last] }) else {
      throw ModelError(.shape, "input of shape \(inputs[0]) needs statistics of shape [\(inputs[0].last)], has \(inputs[1])")
    }
    return inputs[0]
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (x, gamma, beta, y) = (site.inputs[0], site.inputs[1], site.inputs[2], site.output)
    let (movingMean, movingVariance) = (site.inputs[3], site.inputs[4])
    let channels = site.node.shape.last, pixels = site.node.count / channels
    let scale = plan.buffer(.once(channels)), shift = plan.buffer(.once(channels))
    let mean = plan.buffer(.once(channels)), inverse = plan.buffer(.once(channels)), gain = plan.buffer(.once(channels))
    let epsilon = epsilon, momentum = momentum, isPerSample = site.isPerSample

    if plan.mode == .inference {
      plan.shared("scale", parts: 1, reads: [gamma, beta, movingMean, movingVariance], writes: [scale, shift]) { chunk in
        for c in 0..<channels {
          let s = chunk[gamma][c] / (chunk[movingVariance][c] + epsilon).squareRoot()
          chunk[scale][c] = s
          chunk[shift][c] = chunk[beta][c] - chunk[movingMean][c] * s
        }
      }
    } else {
      let sums = plan.buffer(.perShard(2 * channels)), stride = Memory.rounded(2 * channels)
      plan.each(site, "moments", reads: [x, movingMean], writes: [sums]) { chunk in
        kernels.batch_moments(chunk.rows * pixels, channels, chunk[x], chunk[movingMean], chunk.start, chunk[sums])
      }
      plan.shared(
        "statistics", parts: 1, reads: [sums, gamma, beta],
        writes: [mean, inverse, gain, scale, shift, movingMean, movingVariance]
      ) { chunk in
        let (rows, shards) = isPerSample ? (chunk.batch.pointee.rows, chunk.batch.pointee.shards) : (1, 1)
        let count = Double(rows * pixels)
        for c in 0..<channels {
          var first = 0.0, second = 0.0
          for shard in 0..<shards {
            first += Double(chunk[sums][shard * stride + c])
            second += Double(chunk[sums][shard * stride + channels + c])
          }
          first /= count
          let variance = Float(Swift.max(second / count - first * first, 0))
          let center = chunk[movingMean][c] + Float(first)
          chunk[mean][c] = center
          chunk[inverse][c] = 1 / (variance + epsilon).squareRoot()
          chunk[gain][c] = chunk[gamma][c] * chunk[inverse][c]
          chunk[scale][c] = chunk[gain][c]
          chunk[shift][c] = chunk[beta][c] - center * chunk[gain][c]
          chunk[movingMean][c] = chunk[movingMean][c] * momentum + center * (1 - momentum)
          chunk[movingVariance][c] = chunk[movingVariance][c] * momentum + variance * (1 - momentum)
        }
      }
    }
    apply(site, "normalize", scale, shift, into: y, &plan)
    return [mean, inverse, gain, scale, shift]
  }

  private func apply(
    _ site: Site, _ name: String, _ scale: Buffer, _ shift: Buffer, into y: Buffer, after: Buffer? = nil, _ plan: inout Plan
  ) {
    let channels = site.node.shape.last, pixels = site.node.count / channels, rectify: Int32 = rectifies ? 1 : 0
    let x = site.inputs[0], added = adds ? site.inputs[5] : nil
    plan.each(site, name, reads: [x, scale, shift, added, after], writes: [y]) { chunk in
      kernels.batch_apply(
        chunk.rows * pixels, channels, chunk[x], chunk[scale], chunk[shift], chunk[added], rectify, chunk[y])
    }
  }

  package func computeAgain(_ site: Site, into copy: Buffer, after: Buffer, _ plan: inout Plan) {
    apply(site, "normalize again", site.kept[3], site.kept[4], into: copy, after: after, &plan)
  }

  package func inputsSharingGradient(of node: Node) -> [Int] { adds ? [5] : [] }

  /// dgamma = Σ dy x̂, dbeta = Σ dy, dx = (dy - mean(dy) - x̂ mean(dy x̂)) gamma / σ
  package func backward(_ site: Site, _ plan: inout Plan) {
    let (x, dy, mask) = (site.inputs[0], site.outputGradient, site.masks[0])
    let (dGamma, dBeta) = (site.inputGradients[1], site.inputGradients[2])
    let (mean, inverse, gain) = (site.kept[0], site.kept[1], site.kept[2])
    let channels = site.node.shape.last, pixels = site.node.count / channels
    let sums = plan.buffer(.perShard(2 * channels)), stride = Memory.rounded(2 * channels)
    let a = plan.buffer(.once(channels)), b = plan.buffer(.once(channels)), isPerSample = site.isPerSample

    if adds, let added = site.inputGradients[5] {
      plan.copy(dy, into: added, mask: site.masks[5], count: site.node.count, isPerSample: site.isPerSample)
    }
    plan.each(site, "moments", reads: [x, dy, mean, inverse], writes: [sums]) { chunk in
      kernels.batch_backward_moments(
        chunk.rows * pixels, channels, chunk[x], chunk[dy], chunk[mean], chunk[inverse], chunk.start, chunk[sums])
    }
    plan.shared("statistics", parts: 1, reads: [sums], writes: [dGamma, dBeta, a, b]) { chunk in
      let (rows, shards) = isPerSample ? (chunk.batch.pointee.rows, chunk.batch.pointee.shards) : (1, 1)
      let count = Float(rows * pixels)
      for c in 0..<channels {
        var first: Float = 0, second: Float = 0
        for shard in 0..<shards {
          first += chunk[sums][shard * stride + c]
          second += chunk[sums][shard * stride + channels + c]
        }
        chunk[dBeta]?[c] = first
        chunk[dGamma]?[c] = second
        chunk[a][c] = first / count
        chunk[b][c] = second / count
      }
    }
    guard let dx = site.inputGradients[0] else { return }
    plan.each(site, "normalize dx", reads: [x, dy, mean, inverse, gain, a, b, mask], writes: [dx]) { chunk in
      kernels.batch_backward(
        chunk.rows * pixels, channels, chunk[x], chunk[dy], chunk[mean], chunk[inverse], chunk[gain], chunk[a], chunk[b],
        chunk[mask], chunk[dx])
    }
  }
}
