import DeepSwiftEngine

/// While training, sets each element to zero with probability `rate` and multiplies the others by `1 / (1 - rate)`.
///
/// Input and output have any shape. Which elements go follows from the model's seed, the layer's name, the step and the
/// place of the element, so that two runs with the same seed drop the same ones.
///
/// With a `noiseShape` elements go or stay together along the axes that have length 1 in it. As in Keras it begins with the
/// batch: `[nil, 1, 1, 1]` drops whole samples, `[nil, 1, 1, nil]` whole channels of images, `[nil, 1, nil]` the same features
/// at all steps of a sequence.
public struct Dropout: Layer {
  public var name: String?
  /// The share of inputs that are set to 0.
  public var rate: Float
  /// The shape of what decides, the batch first; `nil` stands for the length that the axis has.
  public var noiseShape: [Int?]?
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// The layer with these settings.
  public init(_ rate: Float, noiseShape: [Int?]? = nil, seed: UInt64? = nil, name: String? = nil) {
    self.name = name
    self.rate = rate
    self.noiseShape = noiseShape
    self.seed = seed
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    x.droppedOut(rate, noiseShape: noiseShape, key: weights.randomKey, seed: seed)
  }
}
