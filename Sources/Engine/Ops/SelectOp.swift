/// One of two values for each element, as a condition says: `[condition, yes, no]`, with broadcasting.
///
/// Written as a sum of two products it would turn the infinities of the branch not taken into NaN.
package struct SelectOp: Op {
  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard let values = inputs[1].broadcast(with: inputs[2]), let shape = values.broadcast(with: inputs[0]) else {
      throw ModelError(.shape, "cannot select between shapes \(inputs[1]) and \(inputs[2]) by a condition of shape \(inputs[0])")
    }
    return shape
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let walks = site.node.inputs.map { Walk(over: site.node, $0) }
    let (c, yes, no, y, count) = (site.inputs[0], site.inputs[1], site.inputs[2], site.output, site.node.count)
    plan.each(site, "select", reads: [c, yes, no], writes: [y]) { chunk in
      let (c, yes, no, y) = (chunk[c], chunk[yes], chunk[no], chunk[y])
      for row in 0..<chunk.rows {
        for i in 0..<count { y[row * count + i] = c[walks[0][row, i]] != 0 ? yes[walks[1][row, i]] : no[walks[2][row, i]] }
      }
    }
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    let walks = site.node.inputs.map { Walk(over: site.node, $0) }
    let (c, dy, count) = (site.inputs[0], site.outputGradient, site.node.count)
    for side in 1...2 {
      let input = site.node.inputs[side], target = walks[side], condition = walks[0]
      plan.gradient(site, toward: side, "select d\(side)", reads: [c, dy]) { chunk, d in
        let (c, dy) = (chunk[c], chunk[dy])
        if chunk.isFirst { d.update(repeating: 0, count: input.count * (input.isPerSample ? chunk.rows : 1)) }
        for row in 0..<chunk.rows {
          for i in 0..<count where (c[condition[row, i]] != 0) == (side == 1) { d[target[row, i]] += dy[row * count + i] }
        }
      }
    }
    // The condition decides, but is not moved.
    if let dc = site.inputGradients[0] {
      let input = site.node.inputs[0]
      plan.each(site, "select dc", reads: [], writes: [dc]) { chunk in
        chunk[dc].update(repeating: 0, count: input.count * (input.isPerSample ? chunk.rows : 1))
      }
    }
  }

  /// Where in an operand the elements of the result come from.
  private struct Walk {
    private let rowStride: Int
    private let places: [Int]

    init(over result: Node, _ operand: Node) {
      rowStride = operand.isPerSample ? operand.count : 0
      let missing = result.shape.rank - operand.shape.rank
      let strides =
        Array(repeating: 0, count: missing)
        + zip(operand.shape.dimensions, operand.shape.strides).map { $0 == 1 ? 0 : $1 }
      let shape = result.shape
      places = (0..<result.count).map { index in
        zip(zip(shape.dimensions, shape.strides), strides).reduce(0) { $0 + index / $1.0.1 % $1.0.0 * $1.1 }
      }
    }

    subscript(row: Int, index: Int) -> Int { row * rowStride + places[index] }
  }
}
