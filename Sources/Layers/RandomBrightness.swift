import DeepSwiftEngine

/// While training, adds a number of its own to each image: `factor` is a part of `valueRange`, to which the result is held.
///
/// In inference images stay as they are. Input and output `[height, width, channels]`.
public struct RandomBrightness: Layer {
  public var name: String?
  /// By how much of the range the image becomes brighter or darker.
  public var factor: FactorRange
  /// The least and the largest value that pixels may have.
  public var valueRange: [Float]
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// The layer with these settings.
  public init(
    _ factor: FactorRange, valueRange: ClosedRange<Float> = 0...255, seed: UInt64? = nil, name: String? = nil
  ) {
    self.name = name
    self.factor = factor
    self.valueRange = [valueRange.lowerBound, valueRange.upperBound]
    self.seed = seed
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    if let fault = x.faultAsImage ?? factor.fault("factor", within: -1...1) ?? faultAsValueRange(valueRange) {
      return x.poisoned(fault)
    }
    let delta = x.randomUniform(factor.range, key: weights.randomKey, seed: seed) * (valueRange[1] - valueRange[0])
    return x.whileTraining(clip(x + delta, valueRange[0], valueRange[1]))
  }
}
