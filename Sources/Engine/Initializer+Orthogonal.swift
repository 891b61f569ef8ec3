/// A matrix whose rows or columns, whichever are fewer, are perpendicular and of length `gain`.
///
/// It is the Q of the QR decomposition of a matrix of normal numbers, with signs such that R's diagonal is positive: then
/// every such matrix is equally likely. Other shapes are seen as the matrix `[all other axes, last axis]`
/// (Saxe et al.: "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", 2014).
public struct Orthogonal: Initializer {
  /// A factor of all values.
  public var gain: Float
  /// With a seed of its own an initializer gives the same values each time.
  public var seed: UInt64?

  /// The initializer with these settings.
  public init(gain: Float = 1, seed: UInt64? = nil) {
    self.gain = gain
    self.seed = seed
  }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    guard shape.count > 0 else { return [] }
    let columns = shape.last
    let rows = shape.count / columns
    let (long, short) = (max(rows, columns), min(rows, columns))
    let q = perpendicularVectors(count: short, length: long, random.replaced(by: seed))
    // The vectors lie one after the other: as the rows of the matrix if those are fewer, else as its columns.
    if rows <= columns { return q.map { gain * $0 } }
    return (0..<shape.count).map { gain * q[($0 % columns) * long + $0 / columns] }
  }

  /// Gram and Schmidt's method: from each new vector the part that lies in the span of the earlier ones is taken away,
  /// twice, because the first time leaves a rounding error. Lengths are positive, and so is R's diagonal.
  private func perpendicularVectors(count: Int, length: Int, _ random: RandomSource) -> [Float] {
    var q = (0..<count * length).map { random.normal(at: UInt64($0)) }
    var shares = [Float](repeating: 0, count: count)
    q.withUnsafeMutableBufferPointer { q in
      for j in 0..<count {
        let earlier = q.baseAddress!
        let vector = earlier + j * length
        for _ in 0..<2 {
          BLAS.sgemv(m: j, n: length, a: earlier, lda: length, x: vector, y: &shares)
          BLAS.sgemv(
            transposeA: true, m: j, n: length, alpha: -1, a: earlier, lda: length, x: shares, beta: 1, y: vector)
        }
        var square = 0.0
        for i in 0..<length { square += Double(vector[i]) * Double(vector[i]) }
        let scale = Float(1 / square.squareRoot())
        for i in 0..<length { vector[i] *= scale }
      }
    }
    return Array(q)
  }
}

extension Initializer where Self == Orthogonal {
  /// Orthogonal columns or rows.
  public static var orthogonal: Orthogonal { Orthogonal() }
  /// Orthogonal columns or rows, times `gain`.
  public static func orthogonal(gain: Float = 1, seed: UInt64? = nil) -> Orthogonal {
    Orthogonal(gain: gain, seed: seed)
  }
}
