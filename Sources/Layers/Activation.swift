import DeepSwiftEngine

/// Applies a function to each element.
///
/// Input and output have any shape.
public struct Activation: Layer {
  public var name: String?
  /// The function that is applied.
  public var function: ActivationFunction

  /// A layer that applies the function.
  public init(_ function: ActivationFunction, name: String? = nil) {
    self.function = function
    self.name = name
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node { function(x) }
}
