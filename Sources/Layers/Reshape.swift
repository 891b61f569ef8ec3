import DeepSwiftEngine

/// The same elements in order under another shape.
///
/// ```swift
/// Reshape([28, 28, 1])    // [28, 28] becomes [28, 28, 1]
/// Reshape([-1, 4])        // [28, 28] becomes [196, 4]
/// ```
/// Input any shape, output `shape`; one of its axes may be -1, and is then computed.
public struct Reshape: Layer {
  public var name: String?
  /// The new shape of a sample; one axis may be -1.
  public var shape: Shape

  /// Gives samples this shape; an axis of -1 takes what is left.
  public init(_ shape: Shape, name: String? = nil) {
    self.shape = shape
    self.name = name
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node { x.reshaped(shape) }
}
