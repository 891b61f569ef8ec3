import DeepSwiftEngine

/// While training, makes each image larger or smaller: a factor of -0.2 shows 20 % less of it, one of 0.2 shows 20 % more.
///
/// Without a `widthFactor` both axes change alike. In inference images stay as they are.
/// Input and output `[height, width, channels]`.
public struct RandomZoom: Layer {
  public var name: String?
  /// How much smaller the image becomes, as a share of its height; negative factors enlarge.
  public var heightFactor: FactorRange
  /// The same for the width; as the height if `nil`.
  public var widthFactor: FactorRange?
  /// What stands where the image has moved away.
  public var fillMode: Warp.FillMode
  /// How pixels between others are made.
  public var interpolation: Warp.Interpolation
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?
  /// The value for `.constant`.
  public var fillValue: Float

  /// The layer with these settings.
  public init(
    _ heightFactor: FactorRange, _ widthFactor: FactorRange? = nil, fillMode: Warp.FillMode = .reflect,
    interpolation: Warp.Interpolation = .bilinear, seed: UInt64? = nil, fillValue: Float = 0, name: String? = nil
  ) {
    self.name = name
    self.heightFactor = heightFactor
    self.widthFactor = widthFactor
    self.fillMode = fillMode
    self.interpolation = interpolation
    self.seed = seed
    self.fillValue = fillValue
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    // At -1 nothing of the image would be left to show.
    let limits = (-1 as Float).nextUp...1
    if let fault = x.faultAsImage ?? heightFactor.fault("heightFactor", within: limits)
      ?? widthFactor?.fault("widthFactor", within: limits)
    {
      return x.poisoned(fault)
    }
    let draws = x.randomUniform(0...1, shape: [2], key: weights.randomKey, seed: seed)
    let down = 1 + heightFactor.number(at: draws.at(0))
    let across = widthFactor.map { 1 + $0.number(at: draws.at(1)) } ?? down
    return x.whileTraining(
      x.warped(
        by: x.scaling(across: across, down: down), interpolation: interpolation, fillMode: fillMode, fillValue: fillValue))
  }
}
