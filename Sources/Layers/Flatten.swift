import DeepSwiftEngine

/// All elements of a sample in one axis.
///
/// Input any shape, output `[count]`.
public struct Flatten: Layer {
  public var name: String?
  /// The layer; `name` is for its place in `summary()`.
  public init(name: String? = nil) { self.name = name }
  public func forward(_ x: Node, _ weights: Weights) -> Node { x.flattened() }
}
