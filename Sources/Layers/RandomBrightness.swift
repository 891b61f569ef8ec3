import DeepSwiftEngine

/// While training, adds a number of its own to each image: `factor` is a part of `valueRange`, to which the result is held.
///
/// In inference images stay as they are. Input and output `[height, width, channels]`.
public struct RandomBrightness: Layer {
  public var name: String?
  public var factor: FactorRange
  public var valueRange: [Float]
  public var seed: UInt64?

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
