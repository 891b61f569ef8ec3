// Sums, means and extremes over axes of one sample. Without axes: over all of them, which leaves a single number.

extension Node {
  /// The sum along some axes, which stay with length 1 on request.
  public func sum(axes: [Int]? = nil, keepDimensions: Bool = false) -> Node { reduced(.sum, axes, keepDimensions) }
  /// The sum along an axis, which stays with length 1 on request.
  public func sum(axis: Int, keepDimensions: Bool = false) -> Node { sum(axes: [axis], keepDimensions: keepDimensions) }

  /// The mean along some axes, which stay with length 1 on request.
  public func mean(axes: [Int]? = nil, keepDimensions: Bool = false) -> Node { reduced(.mean, axes, keepDimensions) }
  /// The mean along an axis, which stays with length 1 on request.
  public func mean(axis: Int, keepDimensions: Bool = false) -> Node { mean(axes: [axis], keepDimensions: keepDimensions) }

  /// The largest element. Equal ones share the gradient.
  public func max(axes: [Int]? = nil, keepDimensions: Bool = false) -> Node { reduced(.maximum, axes, keepDimensions) }
  /// The largest element along an axis, which stays with length 1 on request.
  public func max(axis: Int, keepDimensions: Bool = false) -> Node { max(axes: [axis], keepDimensions: keepDimensions) }

  /// The smallest element. Equal ones share the gradient.
  public func min(axes: [Int]? = nil, keepDimensions: Bool = false) -> Node { reduced(.minimum, axes, keepDimensions) }
  /// The smallest element along an axis, which stays with length 1 on request.
  public func min(axis: Int, keepDimensions: Bool = false) -> Node { min(axes: [axis], keepDimensions: keepDimensions) }

  /// The product along some axes, which stay with length 1 on request.
  public func product(axes: [Int]? = nil, keepDimensions: Bool = false) -> Node { reduced(.product, axes, keepDimensions) }

  /// The index of the largest element along an axis, the first of equal ones. Nothing flows back through it.
  public func argmax(axis: Int = -1, keepDimensions: Bool = false) -> Node { reduced(.argmax, [axis], keepDimensions) }

  /// `Σ (x - mean)² / n`
  public func variance(axes: [Int]? = nil, keepDimensions: Bool = false) -> Node {
    square(self - mean(axes: axes, keepDimensions: true)).mean(axes: axes, keepDimensions: keepDimensions)
  }

  private func reduced(_ kind: ReductionOp.Kind, _ axes: [Int]?, _ keepDimensions: Bool) -> Node {
    Node(ReductionOp(kind, axes: axes, keepsAxes: keepDimensions), [self])
  }
}
