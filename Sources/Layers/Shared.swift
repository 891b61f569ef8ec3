import DeepSwiftEngine

/// A layer with identity: each place where it is used shares the same weights.
///
/// ```swift
/// let tower = Shared(Dense(16, activation: .relu))
/// let joined = Concatenate()([tower(left), tower(right)])
/// ```
public final class Shared: MergingLayer {
  /// The layer whose weights are shared.
  @Coded public private(set) var layer: any Layer

  /// One set of weights for all uses of the layer.
  public init(_ layer: any Layer) { self.layer = layer }

  public var name: String? { layer.name }

  public func forward(_ inputs: [Node], _ weights: Weights) -> Node { layer.output(for: inputs, weights) }
}
