// Other arrangements of the same numbers. Axes count from the first one of a sample; negative ones from the end.

extension Node {
  /// The same elements in order under another shape; one axis may be -1, and is then computed.
  public func reshaped(_ shape: Shape) -> Node { Node(ReshapingOp(target: shape), [self]) }

  /// One axis with all elements.
  public func flattened() -> Node { reshaped([shape.count]) }

  /// The axes in another order: axis `i` of the result is axis `order[i]` of this. Without an order: reversed.
  public func transposed(_ order: [Int]? = nil) -> Node {
    Node(TranspositionOp(order: order ?? Array((0..<shape.rank).reversed())), [self])
  }

  /// A new axis of length 1.
  public func expandedDimensions(axis: Int) -> Node {
    let position = axis < 0 ? axis + shape.rank + 1 : axis
    guard (0...shape.rank).contains(position) else {
      return Node(poisoned: error ?? ModelError(.shape, "there is no place \(axis) for a new axis in shape \(shape)"))
    }
    var dimensions = shape.dimensions
    dimensions.insert(1, at: position)
    return reshaped(Shape(dimensions))
  }

  /// Without an axis of length 1; without any such axis if none is named.
  public func squeezed(axis: Int? = nil) -> Node {
    guard let axis else { return reshaped(Shape(shape.dimensions.filter { $0 != 1 })) }
    guard let position = shape.normalized(axis: axis), shape[position] == 1 else {
      return Node(poisoned: error ?? ModelError(.shape, "axis \(axis) of shape \(shape) is not of length 1"))
    }
    var dimensions = shape.dimensions
    dimensions.remove(at: position)
    return reshaped(Shape(dimensions))
  }

  /// The part of an axis that a range stands for, every `step`-th of it.
  public func slice(axis: Int = 0, _ range: Range<Int>, step: Int = 1) -> Node {
    Node(SliceOp(axis: axis, range: range, step: step), [self])
  }

  /// One place along an axis; the axis goes.
  public func at(_ index: Int, axis: Int = 0) -> Node {
    guard let axis = shape.normalized(axis: axis) else {
      return Node(poisoned: error ?? ModelError(.shape, "axis \(axis) does not exist in shape \(shape)"))
    }
    let position = index < 0 ? index + shape[axis] : index
    return slice(axis: axis, position..<position + 1).squeezed(axis: axis)
  }

  /// A part along the first axis of a sample.
  public subscript(range: Range<Int>) -> Node { slice(axis: 0, range, step: 1) }
  /// A part along the first axis of a sample.
  public subscript(index: Int) -> Node { at(index, axis: 0) }

  /// `value` before and behind each axis.
  public func padded(_ widths: [(before: Int, after: Int)], with value: Float = 0) -> Node {
    Node(PadOp(widths: widths.map { [$0.before, $0.after] }, value: value), [self])
  }

  /// The rows of this (its first axis) that the numbers in `indices` name: how an embedding looks up its vectors.
  public func gathered(_ indices: Node) -> Node { Node(GatherOp(), [self, indices]) }

  /// 1 at the place that each number names, 0 elsewhere, along a new last axis.
  public func oneHot(classes: Int) -> Node {
    expandedDimensions(axis: -1) .== Node(ConstantOp(values: (0..<classes).map { Float($0) }, dimensions: [classes]))
  }
}

/// Nodes one behind the other along an axis; their other axes agree.
public func concatenate(_ nodes: [Node], axis: Int = -1) -> Node { Node(ConcatenationOp(axis: axis), nodes) }
