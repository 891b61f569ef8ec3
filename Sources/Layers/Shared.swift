import DeepSwiftEngine

/// A layer with identity: all places of a model where it is used share the same weights.
///
/// Another model that uses it has weights of its own; what models are to share is a model.
///
/// ```swift
/// let tower = Shared(Dense(16, activation: .relu))
/// let joined = Concatenate()([tower(left), tower(right)])
/// ```
public final class Shared: MergingLayer {
  /// The layer whose weights are shared.
  @Coded public private(set) var layer: any Layer

  /// One set of weights for all uses of the layer in a model.
  public init(_ layer: any Layer) { self.layer = layer }

  public var name: String? { layer.name }

  public func forward(_ inputs: [Node], _ weights: Weights) -> Node { layer.output(for: inputs, weights) }
}
