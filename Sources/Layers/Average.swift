import DeepSwiftEngine

/// The mean of its inputs: `(a + b + …) / n`.
///
/// Inputs of one shape, or of shapes that broadcasting matches; output of that shape.
public struct Average: MergingLayer {
  public var name: String?
  /// The layer; `name` is for its place in `summary()`.
  public init(name: String? = nil) { self.name = name }

  public func forward(_ inputs: [Node], _ weights: Weights) -> Node {
    inputs.merged { $0 + $1 } / Float(inputs.count)
  }
}
