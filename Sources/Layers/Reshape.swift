import DeepSwiftEngine

/// The same elements in order under another shape.
///
/// Input any shape, output `shape`; one of its axes may be -1, and is then computed.
public struct Reshape: Layer {
  public var name: String?
  public var shape: Shape

  public init(_ shape: Shape, name: String? = nil) {
    self.shape = shape
    self.name = name
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node { x.reshaped(shape) }
}
