import DeepSwiftKernels

/// `y[i] = table[index[i]]`: the rows of a table that numbers name. An index outside of the table gives zeros; whoever has
/// the data in hand checks them before.
package struct GatherOp: Op {
  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard inputs[0].rank > 0 else { throw ModelError(.shape, "there are no rows to gather from a single number") }
    return Shape(inputs[1].dimensions + inputs[0].dimensions.dropFirst())
  }

  private func sizes(_ node: Node) -> (vocabulary: Int, width: Int, indices: Int) {
    let table = node.inputs[0].shape
    return (table[0], table.count / table[0], node.inputs[1].count)
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (vocabulary, width, indices) = sizes(site.node), (table, index, y) = (site.inputs[0], site.inputs[1], site.output)
    let tableRow = site.node.inputs[0].isPerSample ? vocabulary * width : 0
    let indexRow = site.node.inputs[1].isPerSample ? indices : 0
    plan.each(site, "gather", reads: [table, index], writes: [y]) { chunk in
      if tableRow == 0 && indexRow != 0 {
        return kernels.embedding(chunk.rows * indices, vocabulary, width, chunk[index], chunk[table], chunk[y])
      }
      for row in 0..<chunk.rows {
        kernels.embedding(
          indices, vocabulary, width, chunk[index] + row * indexRow, chunk[table] + row * tableRow,
          chunk[y] + row * indices * width)
      }
    }
    return []
  }

  /// dtable[index[i]] += dy[i]
  package func backward(_ site: Site, _ plan: inout Plan) {
    let (vocabulary, width, indices) = sizes(site.node)
    let (index, dy) = (site.inputs[1], site.outputGradient), isPerSample = site.isPerSample
    let indexRow = site.node.inputs[1].isPerSample ? indices : 0
    if let dIndex = site.inputGradients[1] {
      plan.each(site, "gather di", reads: [], writes: [dIndex]) { chunk in
        chunk[dIndex].update(repeating: 0, count: (indexRow == 0 ? 1 : chunk.rows) * indices)
      }
    }
    guard let dTable = site.inputGradients[0] else { return }
    if site.sumsOverRows(0) && indexRow != 0 || !isPerSample {
      // The workers share the table's rows; each looks through all indices in order.
      plan.shared("gather dtable", parts: (vocabulary + 31) / 32, reads: [index, dy], writes: [dTable]) { chunk in
        kernels.embedding_backward(
          (isPerSample ? chunk.rows : 1) * indices, width, chunk[index], chunk[dy], chunk[dTable], 32 * chunk.firstPart,
          min(32 * chunk.lastPart, vocabulary))
      }
    } else if site.sumsOverRows(0) {
      preconditionFailure("a gather whose table and indices are both shared is not per sample")
    } else {
      plan.each(site, "gather dtable", reads: [index, dy], writes: [dTable]) { chunk in
        for row in 0..<chunk.rows {
          kernels.embedding_backward(
            indices, width, chunk[index] + row * indexRow, chunk[dy] + row * indices * width,
            chunk[dTable] + row * vocabulary * width, 0, vocabulary)
        }
      }
    }
  }
}

extension Node {
  /// Whether this looks up rows of a table by the numbers of `input`, as they are or in another arrangement.
  package func looksUp(_ input: Node) -> Bool {
    guard op is GatherOp else { return false }
    var index = inputs[1]
    while index.op is ReshapingOp || index.op is TranspositionOp || index.op is SliceOp { index = index.inputs[0] }
    return index === input
  }
}
