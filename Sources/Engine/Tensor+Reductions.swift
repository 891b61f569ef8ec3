// Reductions work in double precision and give float32, whatever the tensor's type.

extension Tensor {
  /// The sum of all elements.
  public func sum() -> Float { everything.reduced(.sum).item }
  /// The average of all elements, "not a number" if there are none.
  public func mean() -> Float { everything.reduced(.mean).item }
  /// The product of all elements.
  public func product() -> Float { everything.reduced(.product).item }
  /// The largest element; "not a number" if there is one such.
  public func max() -> Float { everything.reduced(.max).item }
  /// The smallest element; "not a number" if there is one such.
  public func min() -> Float { everything.reduced(.min).item }
  /// The mean squared distance from the mean (divided by n, not n - 1).
  public func variance() -> Float { everything.variance(axis: 0).item }
  /// The root of the variance of all elements.
  public func standardDeviation() -> Float { variance().squareRoot() }

  /// Sums along an axis, which is dropped, or kept with length 1.
  public func sum(axis: Int, keepDimensions: Bool = false) -> Tensor {
    reduced(.sum, axes: [axis], keepDimensions)
  }
  /// The mean along an axis, which stays with length 1 on request.
  public func mean(axis: Int, keepDimensions: Bool = false) -> Tensor {
    reduced(.mean, axes: [axis], keepDimensions)
  }
  /// The product along an axis, which stays with length 1 on request.
  public func product(axis: Int, keepDimensions: Bool = false) -> Tensor {
    reduced(.product, axes: [axis], keepDimensions)
  }
  /// The largest element along an axis, which stays with length 1 on request.
  public func max(axis: Int, keepDimensions: Bool = false) -> Tensor {
    reduced(.max, axes: [axis], keepDimensions)
  }
  /// The smallest element along an axis, which stays with length 1 on request.
  public func min(axis: Int, keepDimensions: Bool = false) -> Tensor {
    reduced(.min, axes: [axis], keepDimensions)
  }
  /// The variance along an axis, which stays with length 1 on request.
  public func variance(axis: Int, keepDimensions: Bool = false) -> Tensor {
    variance(axes: [axis], keepDimensions: keepDimensions)
  }
  /// The standard deviation along an axis, which stays with length 1 on request.
  public func standardDeviation(axis: Int, keepDimensions: Bool = false) -> Tensor {
    sqrt(variance(axis: axis, keepDimensions: keepDimensions))
  }

  /// Sums along several axes, which are dropped, or kept with length 1.
  public func sum(axes: [Int], keepDimensions: Bool = false) -> Tensor { reduced(.sum, axes: axes, keepDimensions) }
  /// The mean along some axes, which stay with length 1 on request.
  public func mean(axes: [Int], keepDimensions: Bool = false) -> Tensor { reduced(.mean, axes: axes, keepDimensions) }
  /// The product along some axes, which stay with length 1 on request.
  public func product(axes: [Int], keepDimensions: Bool = false) -> Tensor {
    reduced(.product, axes: axes, keepDimensions)
  }
  /// The largest element along some axes, which stay with length 1 on request.
  public func max(axes: [Int], keepDimensions: Bool = false) -> Tensor { reduced(.max, axes: axes, keepDimensions) }
  /// The smallest element along some axes, which stay with length 1 on request.
  public func min(axes: [Int], keepDimensions: Bool = false) -> Tensor { reduced(.min, axes: axes, keepDimensions) }
  /// The variance along some axes, which stay with length 1 on request.
  public func variance(axes: [Int], keepDimensions: Bool = false) -> Tensor {
    let distance = self - mean(axes: axes, keepDimensions: true)
    return (distance * distance).mean(axes: axes, keepDimensions: keepDimensions)
  }
  /// The standard deviation along some axes, which stay with length 1 on request.
  public func standardDeviation(axes: [Int], keepDimensions: Bool = false) -> Tensor {
    sqrt(variance(axes: axes, keepDimensions: keepDimensions))
  }

  /// Where the largest number along an axis lies, the first one if there are several: for probabilities `[batch, classes]`
  /// the class of each row. For tensors of more axes the positions follow in row-major order of the remaining axes.
  public func argmax(axis: Int = -1) -> [Int] {
    let (outer, length, inner) = blocks(around: checked(axis: axis))
    precondition(length > 0, "argmax along an axis of length 0 in shape \(shape)")
    return withUnsafeFloats { x in
      (0..<outer * inner).map { place in
        let start = place / inner * length * inner + place % inner
        var best = 0
        for i in 1..<Swift.max(length, 1) where x[start + i * inner] > x[start + best * inner] { best = i }
        return best
      }
    }
  }
}

private enum Reduction {
  case sum, mean, product, max, min
}

extension Tensor {
  /// All elements along one axis.
  private var everything: Tensor { reshaped([count]) }

  private func reduced(_ reduction: Reduction, axes: [Int], _ keepDimensions: Bool) -> Tensor {
    let axes = Set(axes.map(checked(axis:)))
    var result = converted(to: .float32)
    for axis in axes.sorted(by: >) { result = result.reduced(reduction, axis: axis) }
    let kept = result.shape.dimensions.indices.filter { keepDimensions || !axes.contains($0) }
    return result.reshaped(Shape(kept.map { result.shape[$0] }))
  }

  /// One axis reduced to the length 1.
  private func reduced(_ reduction: Reduction, axis: Int = 0) -> Tensor {
    let length = shape[axis]
    switch reduction {
    case .sum: return folded(axis, from: 0) { $0 + $1 }
    case .mean: return folded(axis, from: 0) { $0 + $1 } / Float(length)
    case .product: return folded(axis, from: 1) { $0 * $1 }
    case .max:
      precondition(length > 0, "max of an axis of length 0 in shape \(shape)")
      return folded(axis, from: -.infinity) { $1 > $0 || $1.isNaN ? $1 : $0 }
    case .min:
      precondition(length > 0, "min of an axis of length 0 in shape \(shape)")
      return folded(axis, from: .infinity) { $1 < $0 || $1.isNaN ? $1 : $0 }
    }
  }

  @inline(__always)
  private func folded(_ axis: Int, from start: Double, _ step: (Double, Double) -> Double) -> Tensor {
    let (outer, length, inner) = blocks(around: axis)
    var result = shape
    result[axis] = 1
    return withUnsafeFloats { x in
      Tensor(shape: result) { y in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: inner) { sums in
          for block in 0..<outer {
            let x = x.baseAddress! + block * length * inner
            if inner == 1 {
              var sum = start
              for i in 0..<length { sum = step(sum, Double(x[i])) }
              y[block] = Float(sum)
            } else {
              sums.initialize(repeating: start)
              for i in 0..<length {
                let row = x + i * inner
                for j in 0..<inner { sums[j] = step(sums[j], Double(row[j])) }
              }
              for j in 0..<inner { y[block * inner + j] = Float(sums[j]) }
            }
          }
        }
      }
    }
  }

  /// The shape seen as `[outer, length, inner]` around an axis.
  private func blocks(around axis: Int) -> (outer: Int, length: Int, inner: Int) {
    (
      shape.dimensions[..<axis].reduce(1, *), shape[axis], shape.dimensions[(axis + 1)...].reduce(1, *)
    )
  }
}
