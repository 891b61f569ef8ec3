import DeepSwiftEngine

/// The difference of its two inputs: `a - b`.
///
/// Inputs of one shape, or of shapes that broadcasting matches; output of that shape.
public struct Subtract: MergingLayer {
  public var name: String?
  /// The layer; `name` is for its place in `summary()`.
  public init(name: String? = nil) { self.name = name }

  public func forward(_ inputs: [Node], _ weights: Weights) -> Node {
    guard inputs.count == 2 else { return inputs[0].poisoned("subtracts two inputs, received \(inputs.count)") }
    return inputs[0] - inputs[1]
  }
}
