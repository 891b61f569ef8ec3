import DeepSwiftEngine

/// While training, sets each element to zero with probability `rate` and multiplies the others by `1 / (1 - rate)`.
///
/// Input and output have any shape. Which elements go follows from the model's seed, the layer's name, the step and the
/// place of the element, so that two runs with the same seed drop the same ones.
public struct Dropout: Layer {
  public var name: String?
  /// The share of inputs that are set to 0.
  public var rate: Float
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// The layer with these settings.
  public init(_ rate: Float, seed: UInt64? = nil, name: String? = nil) {
    self.name = name
    self.rate = rate
    self.seed = seed
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    x.droppedOut(rate, key: weights.randomKey, seed: seed)
  }
}
