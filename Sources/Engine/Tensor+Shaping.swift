extension Tensor {
  /// The same elements in another shape; one length may be -1 and follows from the others.
  public func reshaped(_ newShape: Shape) -> Tensor {
    var newShape = newShape
    let open = newShape.dimensions.indices.filter { newShape.dimensions[$0] == -1 }
    precondition(open.count <= 1, "Only one length of a new shape may be -1, received \(newShape)")
    if let axis = open.first {
      let others = -newShape.count
      newShape.dimensions[axis] = others == 0 ? 0 : count / others
    }
    precondition(newShape.count == count, "\(count) elements of shape \(shape) cannot be reshaped to \(newShape)")
    return Tensor(shape: newShape, elementType: elementType, storage: storage)
  }

  /// All elements as a vector.
  public var flattened: Tensor { reshaped([count]) }

  /// With an axis of length 1 inserted, so that it becomes axis `axis`.
  public func expandingDimensions(axis: Int) -> Tensor {
    var dimensions = shape.dimensions
    let position = axis < 0 ? axis + rank + 1 : axis
    precondition((0...rank).contains(position), "A tensor of shape \(shape) has no place for a new axis \(axis)")
    dimensions.insert(1, at: position)
    return reshaped(Shape(dimensions))
  }

  /// Without an axis of length 1, or without all of them.
  public func squeezed(axis: Int? = nil) -> Tensor {
    guard let axis else { return reshaped(Shape(shape.dimensions.filter { $0 != 1 })) }
    let position = checked(axis: axis)
    precondition(shape[position] == 1, "Axis \(axis) of shape \(shape) has the length \(shape[position]), not 1")
    var dimensions = shape.dimensions
    dimensions.remove(at: position)
    return reshaped(Shape(dimensions))
  }

  /// With the axes in another order: axis `i` of the result is axis `axes[i]` of this tensor. Without `axes` the order is
  /// reversed; rows of a matrix become columns.
  public func transposed(_ axes: [Int]? = nil) -> Tensor {
    let order = axes.map { $0.map(checked(axis:)) } ?? Array((0..<rank).reversed())
    precondition(order.sorted() == Array(0..<rank), "\(axes ?? []) is not an order of the axes of shape \(shape)")
    let strides = shape.strides
    return elements(
      along: Path(start: 0, strides: order.map { strides[$0] }), shape: Shape(order.map { shape[$0] }))
  }

  /// The elements repeated along axes of length 1, and along new axes in front, until they fill `target`.
  public func broadcast(to target: Shape) -> Tensor {
    precondition(shape.broadcast(with: target) == target, "Shape \(shape) cannot be stretched to \(target)")
    return elements(along: Path(through: shape, stretchedTo: target), shape: target)
  }

  /// Tensors one after the other along an axis; all their other lengths must be the same. The result's type is theirs if it is
  /// the same, float32 otherwise.
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { preconditionFailure("concatenated needs at least one tensor") }
    let axis = first.checked(axis: axis)
    var shape = first.shape
    for tensor in tensors.dropFirst() {
      var same = tensor.shape
      if same.rank == shape.rank { same[axis] = shape[axis] }
      precondition(same == shape, "\(tensor.shape) cannot be concatenated with \(first.shape) along axis \(axis)")
    }
    shape[axis] = tensors.reduce(0) { $0 + $1.shape[axis] }
    let type = tensors.allSatisfy { $0.elementType == first.elementType } ? first.elementType : .float32
    let path = Path(through: shape)
    return Tensor(shape: shape, elementType: type) { target in
      var start = 0
      for tensor in tensors {
        tensor.converted(to: type).withUnsafeBytes {
          copyElements(
            over: tensor.shape, size: type.size, from: $0.baseAddress!, Path(through: tensor.shape),
            to: target.baseAddress!, Path(start: start, strides: path.strides))
        }
        start += tensor.shape[axis] * path.strides[axis]
      }
    }
  }

  /// Tensors of the same shape side by side, along a new axis.
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    concatenated(tensors.map { $0.expandingDimensions(axis: axis) }, axis: axis)
  }
}
