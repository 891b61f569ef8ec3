import DeepSwiftKernels

/// A function of one number, applied to each element.
package struct UnaryOp: Op {
  package enum Function: UInt32, CaseIterable {
    // In the order of the kernels.
    case relu, sigmoid, tanh, exp, log, squareRoot, absolute, negative, square, reciprocal
    case erf, sign, softplus, log1p, expm1, sine, cosine, floor, round
  }

  package let function: Function
  init(_ function: Function) { self.function = function }

  package var passesGradients: Bool { ![.sign, .floor, .round].contains(function) }

  package func shape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (x, y, count) = (site.inputs[0], site.output, site.node.count), kind = ds_unary(function.rawValue)
    plan.each(site, "\(function)", reads: [x], writes: [y]) { chunk in
      kernels.unary(kind, chunk.rows * count, chunk[x], chunk[y])
    }
    return []
  }

  /// dx = dy f'(x)
  package func backward(_ site: Site, _ plan: inout Plan) {
    guard let dx = site.inputGradients[0] else { return }
    let (x, y, dy, count) = (site.inputs[0], site.output, site.outputGradient, site.node.count)
    let kind = ds_unary(function.rawValue)
    plan.each(site, "\(function) dx", reads: [x, y, dy], writes: [dx]) { chunk in
      kernels.unary_backward(kind, chunk.rows * count, chunk[x], chunk[y], chunk[dy], chunk[dx])
    }
  }
}
