import DeepSwiftEngine

/// The smallest of its inputs, element by element.
///
/// Inputs of one shape, or of shapes that broadcasting matches; output of that shape.
public struct Minimum: MergingLayer {
  public var name: String?
  /// The layer; `name` is for its place in `summary()`.
  public init(name: String? = nil) { self.name = name }

  public func forward(_ inputs: [Node], _ weights: Weights) -> Node {
    inputs.merged { minimum($0, $1) }
  }
}
