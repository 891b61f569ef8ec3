import DeepSwiftEngine

/// Its inputs one behind the other along an axis.
///
/// ```swift
/// // [16] and [8] become [24]
/// let joined = Concatenate()([picture, age])
/// ```
/// All axes but that one must be equal. As in Keras, axis 0 is the batch, and 1 the first axis of a sample; negative axes
/// count from the end.
public struct Concatenate: MergingLayer {
  public var name: String?
  /// The axis along which inputs are joined; 1 is the first of a sample, -1 the last.
  public var axis: Int

  /// The layer with these settings.
  public init(axis: Int = -1, name: String? = nil) {
    self.axis = axis
    self.name = name
  }

  public func forward(_ inputs: [Node], _ weights: Weights) -> Node {
    guard axis != 0 else { return inputs[0].poisoned("axis 0 is the batch: samples cannot be joined to one another") }
    return concatenate(inputs, axis: axis < 0 ? axis : axis - 1)
  }
}
