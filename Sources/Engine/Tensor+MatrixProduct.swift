extension Tensor {
  /// The matrix product: `[m, k]` times `[k, n]` is `[m, n]`.
  ///
  /// Further axes in front count matrices; they are matched and stretched as in arithmetic. A vector on the left is one row, a
  /// vector on the right one column, and the result lacks that axis.
  public func matmul(_ other: Tensor) -> Tensor {
    precondition(rank > 0 && other.rank > 0, "matmul needs at least one axis, received \(shape) and \(other.shape)")
    if rank == 1 { return expandingDimensions(axis: 0).matmul(other).squeezed(axis: other.rank == 1 ? 0 : -2) }
    if other.rank == 1 { return matmul(other.expandingDimensions(axis: 1)).squeezed(axis: -1) }

    let (m, k, n) = (shape[-2], shape[-1], other.shape[-1])
    let matricesA = Shape(shape.dimensions.dropLast(2))
    let matricesB = Shape(other.shape.dimensions.dropLast(2))
    guard k == other.shape[-2], let matrices = matricesA.broadcast(with: matricesB) else {
      preconditionFailure("matmul of shapes that do not match: \(shape) and \(other.shape)")
    }
    return withUnsafeFloats { a in
      other.withUnsafeFloats { b in
        Tensor(shape: Shape(matrices.dimensions + [m, n])) { c in
          if k == 0 { c.initialize(repeating: 0) }
          guard k > 0, c.count > 0 else { return }
          var place = c.baseAddress!
          let pathA = Path(through: matricesA, stretchedTo: matrices)
          walk(over: matrices, pathA, Path(through: matricesB, stretchedTo: matrices)) { i, j, count, stepA, stepB in
            for index in 0..<count {
              BLAS.sgemm(
                m: m, n: n, k: k, a: a.baseAddress! + (i + index * stepA) * m * k, lda: k,
                b: b.baseAddress! + (j + index * stepB) * k * n, ldb: n, c: place, ldc: n)
              place += m * n
            }
          }
        }
      }
    }
  }
}
