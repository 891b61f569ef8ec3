/// What may stand between the brackets of `tensor[…]`: a position, which drops the axis, or a range, which keeps it.
///
/// Negative numbers count from the end: `tensor[-1]` is the last row, `tensor[(-3)...]` are the last three.
public protocol TensorIndex {
  /// The positions that are meant on an axis of a given length.
  func positions(onAxisOf length: Int) -> (range: Range<Int>, dropsAxis: Bool)
}

extension Tensor {
  /// A part of the tensor: an index per axis, counted from the first; axes without one are kept whole.
  ///
  ///     images[0]              // the first image
  ///     images[0..<5]          // the first five
  ///     images[0..., 14]       // row 14 of every image
  ///     matrix[1, 2].item      // a number
  ///     matrix[0] = [7, 8, 9]
  ///
  /// What is assigned is converted to this tensor's type and stretched to the part's shape.
  public subscript(_ indices: any TensorIndex...) -> Tensor {
    get {
      let (path, shape) = part(indices)
      return elements(along: path, shape: shape)
    }
    set {
      let (path, shape) = part(indices)
      precondition(
        newValue.shape.broadcast(with: shape) == shape,
        "A tensor of shape \(newValue.shape) cannot be assigned to a part of shape \(shape)")
      let size = elementType.size
      newValue.converted(to: elementType).withUnsafeBytes { source in
        withUnsafeMutableBytes { target in
          copyElements(
            over: shape, size: size, from: source.baseAddress!, Path(through: newValue.shape, stretchedTo: shape),
            to: target.baseAddress!, path)
        }
      }
    }
  }

  private func part(_ indices: [any TensorIndex]) -> (Path, Shape) {
    precondition(indices.count <= rank, "\(indices.count) indices for a tensor of shape \(shape)")
    let strides = shape.strides
    var path = Path(start: 0, strides: [])
    var lengths: [Int] = []
    for axis in 0..<rank {
      let length = shape[axis]
      let (range, dropsAxis) =
        axis < indices.count ? indices[axis].positions(onAxisOf: length) : (0..<length, false)
      precondition(
        0 <= range.lowerBound && range.upperBound <= length,
        "Index \(axis < indices.count ? "\(indices[axis])" : "") is out of range on axis \(axis) of shape \(shape)")
      path.start += range.lowerBound * strides[axis]
      if !dropsAxis {
        path.strides.append(strides[axis])
        lengths.append(range.count)
      }
    }
    return (path, Shape(lengths))
  }

  /// The first `length` rows, or all if there are fewer.
  public func prefix(_ length: Int) -> Tensor { self[0..<Swift.min(length, shape[0])] }

  /// The last `length` rows, or all if there are fewer.
  public func suffix(_ length: Int) -> Tensor { self[Swift.max(0, shape[0] - length)..<shape[0]] }

  /// The rows at these positions along axis 0, in this order; a position may occur more than once.
  public func gathered(_ indices: [Int]) -> Tensor {
    precondition(rank > 0, "gathered needs a tensor with at least one axis")
    let rows = shape[0]
    let rowSize = count / Swift.max(rows, 1) * elementType.size
    var result = shape
    result[0] = indices.count
    return withUnsafeBytes { source in
      Tensor(shape: result, elementType: elementType) { target in
        for (place, index) in indices.enumerated() {
          let row = index < 0 ? index + rows : index
          precondition((0..<rows).contains(row), "gathered: row \(index) is not in a tensor of shape \(shape)")
          (target.baseAddress! + place * rowSize).copyMemory(
            from: source.baseAddress! + row * rowSize, byteCount: rowSize)
        }
      }
    }
  }
}

extension Int: TensorIndex {
  public func positions(onAxisOf length: Int) -> (range: Range<Int>, dropsAxis: Bool) {
    let position = fromFront(self, length)
    return (position..<position + 1, true)
  }
}

extension Range: TensorIndex where Bound == Int {
  public func positions(onAxisOf length: Int) -> (range: Range<Int>, dropsAxis: Bool) {
    // -3..<0 are the last three: the end of a range that began before the end is the end of the axis.
    let upper = upperBound == 0 && lowerBound < 0 ? length : fromFront(upperBound, length)
    let lower = fromFront(lowerBound, length)
    precondition(lower <= upper, "Range \(self) is backwards on an axis of length \(length)")
    return (lower..<upper, false)
  }
}

extension ClosedRange: TensorIndex where Bound == Int {
  public func positions(onAxisOf length: Int) -> (range: Range<Int>, dropsAxis: Bool) {
    (lowerBound..<upperBound + 1).positions(onAxisOf: length)
  }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
  public func positions(onAxisOf length: Int) -> (range: Range<Int>, dropsAxis: Bool) {
    let lower = fromFront(lowerBound, length)
    precondition(lower <= length, "Range \(lowerBound)... starts beyond an axis of length \(length)")
    return (lower..<length, false)
  }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
  public func positions(onAxisOf length: Int) -> (range: Range<Int>, dropsAxis: Bool) {
    let upper = fromFront(upperBound, length)
    precondition(upper >= 0, "Range ..<\(upperBound) ends before an axis of length \(length)")
    return (0..<upper, false)
  }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
  public func positions(onAxisOf length: Int) -> (range: Range<Int>, dropsAxis: Bool) {
    let upper = fromFront(upperBound, length) + 1
    precondition(upper >= 0, "Range ...\(upperBound) ends before an axis of length \(length)")
    return (0..<upper, false)
  }
}

private func fromFront(_ position: Int, _ length: Int) -> Int { position < 0 ? position + length : position }
