import COpenBLAS

/// Matrix products of float32, by OpenBLAS on the calling thread. This is the only file that imports COpenBLAS.
package enum BLAS {
  /// Threads are ours to start; a BLAS that starts its own would compete with them.
  private static let onThisThreadOnly: Void = openblas_set_num_threads(1)

  /// c = alpha · a · b + beta · c        a: [m, k], b: [k, n], c: [m, n], row by row
  ///
  /// A transposed operand lies in memory as `[k, m]` or `[n, k]`. `lda`, `ldb` and `ldc` are the distances between rows in
  /// memory.
  package static func sgemm(
    transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: Float = 1,
    a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int, beta: Float = 0,
    c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    _ = onThisThreadOnly
    guard m > 0, n > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      Int32(m), Int32(n), Int32(k), alpha, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }

  /// y = alpha · a · x + beta · y        a: [m, n] row by row, transposed on request; x and y without gaps
  package static func sgemv(
    transposeA: Bool = false, m: Int, n: Int, alpha: Float = 1, a: UnsafePointer<Float>, lda: Int,
    x: UnsafePointer<Float>, beta: Float = 0, y: UnsafeMutablePointer<Float>
  ) {
    _ = onThisThreadOnly
    guard m > 0, n > 0 else { return }
    cblas_sgemv(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), alpha, a, Int32(lda), x, 1, beta, y, 1)
  }
}
