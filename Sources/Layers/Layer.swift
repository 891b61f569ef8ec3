import DeepSwiftEngine

/// A layer: settings, and a function that turns a node into another one. It holds no weights and has no identity.
///
/// ```swift
/// /// `x * scale + shift`, learned per feature.
/// struct ScaleShift: Layer {
///   func forward(_ x: Node, _ weights: Weights) -> Node {
///     x * weights("scale", [x.shape.last], .ones) + weights("shift", [x.shape.last], .zeros)
///   }
/// }
/// ```
/// Gradients follow from the operations used. Axes in `forward` are those of one sample.
public protocol Layer: Codable {
  /// The name in `summary()` and in front of the weights' names; by default made of the type's name.
  var name: String? { get }

  /// The layer's output for the input `x`. Weights are asked for by name, and made the first time.
  func forward(_ x: Node, _ weights: Weights) -> Node
}

extension Layer {
  public var name: String? { nil }

  /// The layer's place in a functional model: `let y = Dense(10)(x)`.
  public func callAsFunction(_ x: Node) -> Node { Node(LayerCall(self), [x]) }
}

/// A layer that takes several inputs.
public protocol MergingLayer: Layer {
  /// The output for all inputs of the layer. Weights are asked for by name, and made the first time.
  func forward(_ inputs: [Node], _ weights: Weights) -> Node
}

extension MergingLayer {
  public func forward(_ x: Node, _ weights: Weights) -> Node { forward([x], weights) }

  /// The layer's place in a functional model: `let y = Add()([a, b])`.
  public func callAsFunction(_ inputs: [Node]) -> Node { Node(LayerCall(self), inputs) }
}

extension Layer {
  /// The output for any number of inputs.
  package func output(for inputs: [Node], _ weights: Weights) -> Node {
    if let merging = self as? any MergingLayer { return merging.forward(inputs, weights) }
    return forward(inputs[0], weights)
  }
}
