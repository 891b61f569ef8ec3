/// `y = a · b` over the last two axes of each sample; leading axes are matched by broadcasting.
package struct MatrixProductOp: Op {
  package func shape(_ inputs: [Shape]) throws -> Shape {
    let (a, b) = (inputs[0], inputs[1])
    guard a.rank >= 2, b.rank >= 2, a[-1] == b[-2],
      let leading = Shape(a.dimensions.dropLast(2).map { $0 }).broadcast(with: Shape(b.dimensions.dropLast(2).map { $0 }))
    else {
      throw ModelError(
        .shape,
        "cannot multiply matrices of shapes \(a) and \(b): the last axis of the first must match the last but one of "
          + "the second")
    }
    return Shape(leading.dimensions + [a[-2], b[-1]])
  }

  /// One product of two matrices for each of these places.
  private struct Products {
    let m, n, k: Int
    /// Where the matrices of a sample begin.
    let a, b: [Int]
    let aRow, bRow: Int

    init(_ node: Node) {
      let (a, b) = (node.inputs[0], node.inputs[1])
      (m, n, k) = (a.shape[-2], b.shape[-1], a.shape[-1])
      let leading = node.shape.dimensions.dropLast(2).map { $0 }
      func starts(_ operand: Node) -> [Int] {
        let axes = operand.shape.dimensions.dropLast(2).map { $0 }, strides = operand.shape.strides
        let missing = leading.count - axes.count, places = Shape(leading)
        return (0..<places.count).map { index in
          axes.indices.reduce(0) { sum, axis in
            axes[axis] == 1 ? sum : sum + index / places.strides[axis + missing] % axes[axis] * strides[axis]
          }
        }
      }
      self.a = starts(a)
      self.b = starts(b)
      aRow = a.isPerSample ? a.count : 0
      bRow = b.isPerSample ? b.count : 0
    }
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let p = Products(site.node), (a, b, y, count) = (site.inputs[0], site.inputs[1], site.output, site.node.count)
    plan.each(site, "matmul", reads: [a, b], writes: [y]) { chunk in
      for row in 0..<chunk.rows {
        for place in p.a.indices {
          BLAS.sgemm(
            transposeA: false, transposeB: false, m: p.m, n: p.n, k: p.k, alpha: 1,
            a: chunk[a] + row * p.aRow + p.a[place], lda: p.k, b: chunk[b] + row * p.bRow + p.b[place], ldb: p.n, beta: 0,
            c: chunk[y] + row * count + place * p.m * p.n, ldc: p.n)
        }
      }
    }
    return []
  }

  /// da = dy · bᵀ, db = aᵀ · dy, added up where a matrix served several products.
  package func backward(_ site: Site, _ plan: inout Plan) {
    let p = Products(site.node), node = site.node, count = node.count
    let (a, b, dy) = (site.inputs[0], site.inputs[1], site.outputGradient)
    plan.gradient(site, toward: 0, "matmul da", reads: [b, dy]) { chunk, da in
      if chunk.isFirst { da.update(repeating: 0, count: node.inputs[0].count * (p.aRow == 0 ? 1 : chunk.rows)) }
      for row in 0..<chunk.rows {
        for place in p.a.indices {
          BLAS.sgemm(
            transposeA: false, transposeB: true, m: p.m, n: p.k, k: p.n, alpha: 1,
            a: chunk[dy] + row * count + place * p.m * p.n, lda: p.n, b: chunk[b] + row * p.bRow + p.b[place], ldb: p.n,
            beta: 1, c: da + row * p.aRow + p.a[place], ldc: p.k)
        }
      }
    }
    plan.gradient(site, toward: 1, "matmul db", reads: [a, dy]) { chunk, db in
      if chunk.isFirst { db.update(repeating: 0, count: node.inputs[1].count * (p.bRow == 0 ? 1 : chunk.rows)) }
      for row in 0..<chunk.rows {
        for place in p.b.indices {
          BLAS.sgemm(
            transposeA: true, transposeB: false, m: p.k, n: p.n, k: p.m, alpha: 1,
            a: chunk[a] + row * p.aRow + p.a[place], lda: p.k, b: chunk[dy] + row * count + place * p.m * p.n, ldb: p.n,
            beta: 1, c: db + row * p.bRow + p.b[place], ldc: p.n)
        }
      }
    }
  }
}
