/// `l1 · Σ|w| + l2 · Σw²`: what keeps weights small.
struct PenaltyOp: Op {
  let l1, l2: Float

  func shape(_ inputs: [Shape]) -> Shape { [] }

  func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (w, y, count) = (site.inputs[0], site.output, site.node.inputs[0].count), l1 = Double(l1), l2 = Double(l2)
    plan.each(site, "penalty", reads: [w], writes: [y]) { chunk in
      for row in 0..<chunk.rows {
        let w = chunk[w] + row * count
        var sum = l2 == 0 ? 0 : l2 * kernels.sum_of_squares(count, w)
        if l1 != 0 {
          var absolute = 0.0
          for i in 0..<count { absolute += Double(w[i].magnitude) }
          sum += l1 * absolute
        }
        chunk[y][row] = Float(sum)
      }
    }
    return []
  }

  /// dw = dy (l1 sign(w) + 2 l2 w)
  func backward(_ site: Site, _ plan: inout Plan) {
    guard let dw = site.inputGradients[0] else { return }
    let (w, dy, count) = (site.inputs[0], site.outputGradient, site.node.inputs[0].count), l1 = l1, l2 = l2
    plan.each(site, "penalty dw", reads: [w, dy], writes: [dw]) { chunk in
      for row in 0..<chunk.rows {
        let w = chunk[w] + row * count, dw = chunk[dw] + row * count, g = chunk[dy][row]
        if l1 == 0 {
          kernels.affine(count, 2 * l2 * g, 0, w, dw)
        } else {
          for i in 0..<count { dw[i] = g * (l1 * (w[i] > 0 ? 1 : w[i] < 0 ? -1 : 0) + 2 * l2 * w[i]) }
        }
      }
    }
  }
}
