import DeepSwiftKernels

/// `y = exp(x) / Σ exp(x)` along the last axis.
package struct SoftmaxOp: Op {
  package func shape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (x, y, classes, lines) = site.lastAxis
    plan.each(site, "softmax", reads: [x], writes: [y]) { chunk in
      kernels.softmax(chunk.rows * lines, classes, chunk[x], chunk[y])
    }
    return []
  }

  /// dx = (dy - Σ dy y) y
  package func backward(_ site: Site, _ plan: inout Plan) {
    guard let dx = site.inputGradients[0] else { return }
    let (_, y, classes, lines) = site.lastAxis, dy = site.outputGradient
    plan.each(site, "softmax dx", reads: [y, dy], writes: [dx]) { chunk in
      kernels.softmax_backward(chunk.rows * lines, classes, chunk[y], chunk[dy], chunk[dx])
    }
  }
}

/// `y = x - log Σ exp(x)` along the last axis.
package struct LogSoftmaxOp: Op {
  package func shape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (x, y, classes, lines) = site.lastAxis
    plan.each(site, "log softmax", reads: [x], writes: [y]) { chunk in
      kernels.log_softmax(chunk.rows * lines, classes, chunk[x], chunk[y])
    }
    return []
  }

  /// dx = dy - exp(y) Σ dy
  package func backward(_ site: Site, _ plan: inout Plan) {
    guard let dx = site.inputGradients[0] else { return }
    let (_, y, classes, lines) = site.lastAxis, dy = site.outputGradient
    plan.each(site, "log softmax dx", reads: [y, dy], writes: [dx]) { chunk in
      kernels.log_softmax_backward(chunk.rows * lines, classes, chunk[y], chunk[dy], chunk[dx])
    }
  }
}

extension Site {
  /// Input, output, the length of the last axis, and how many lines of that length a sample has.
  fileprivate var lastAxis: (x: Buffer, y: Buffer, classes: Int, lines: Int) {
    (inputs[0], output, node.shape.last, node.count / node.shape.last)
  }
}
