import DeepSwiftEngine

/// While training, moves each image's pixels away from their channel's mean, or toward it:
/// `(x - mean) · factor + mean`, held to `valueRange`, with a factor of each image's own from `1 - lower` to `1 + upper`.
///
/// In inference images stay as they are. Input and output `[height, width, channels]`.
public struct RandomContrast: Layer {
  public var name: String?
  /// How far the factor may lie below 1 and above it.
  public var factor: [Float]
  /// The least and the largest value that pixels may have.
  public var valueRange: [Float]
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// - Parameter factor: `0.2` for factors from 0.8 to 1.2.
  public init(_ factor: Float, valueRange: ClosedRange<Float> = 0...255, seed: UInt64? = nil, name: String? = nil) {
    self.init(lower: factor, upper: factor, valueRange: valueRange, seed: seed, name: name)
  }

  /// - Parameters:
  ///   - lower: how far the factor may lie below 1.
  ///   - upper: how far it may lie above 1.
  public init(
    lower: Float, upper: Float, valueRange: ClosedRange<Float> = 0...255, seed: UInt64? = nil, name: String? = nil
  ) {
    self.name = name
    factor = [lower, upper]
    self.valueRange = [valueRange.lowerBound, valueRange.upperBound]
    self.seed = seed
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    guard factor.count == 2, factor.allSatisfy({ (0...1).contains($0) }) else {
      return x.poisoned("factor is one number or two, each between 0 and 1, received \(factor)")
    }
    if let fault = x.faultAsImage ?? faultAsValueRange(valueRange) { return x.poisoned(fault) }
    let factor = x.randomUniform(1 - factor[0]...1 + factor[1], key: weights.randomKey, seed: seed)
    return x.whileTraining(clip(x.contrast(by: factor), valueRange[0], valueRange[1]))
  }
}

extension Node {
  /// `(x - mean) · factor + mean`, with the mean of each channel.
  func contrast(by factor: Node) -> Node {
    let mean = self.mean(axes: [0, 1], keepDimensions: true)
    return (self - mean) * factor + mean
  }
}

/// What is wrong with the least and the largest value that pixels have, if anything.
func faultAsValueRange(_ range: [Float]) -> String? {
  range.count == 2 && range[0] <= range[1] ? nil : "valueRange is a lower and an upper bound, received \(range)"
}
