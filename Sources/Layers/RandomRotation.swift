import DeepSwiftEngine

/// While training, turns each image about its middle by an angle of its own: `factor` is a part of a full turn, and positive
/// angles turn counter-clockwise.
///
/// In inference images stay as they are. Input and output `[height, width, channels]`.
public struct RandomRotation: Layer {
  public var name: String?
  /// The angle, in full turns.
  public var factor: FactorRange
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
    _ factor: FactorRange, fillMode: Warp.FillMode = .reflect, interpolation: Warp.Interpolation = .bilinear,
    seed: UInt64? = nil, fillValue: Float = 0, name: String? = nil
  ) {
    self.name = name
    self.factor = factor
    self.fillMode = fillMode
    self.interpolation = interpolation
    self.seed = seed
    self.fillValue = fillValue
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    if let fault = x.faultAsImage ?? factor.fault("factor", within: -1...1) { return x.poisoned(fault) }
    let angle = x.randomUniform(factor.range, key: weights.randomKey, seed: seed) * (2 * .pi)
    return x.whileTraining(
      x.warped(by: x.rotation(by: angle), interpolation: interpolation, fillMode: fillMode, fillValue: fillValue))
  }
}

extension Node {
  /// The map that looks up each pixel of an image at its place before the image was turned about its middle.
  func rotation(by angle: Node) -> Node {
    let (x, y) = (Float(shape[1] - 1) / 2, Float(shape[0] - 1) / 2)
    let (cosine, sine) = (cos(angle), sin(angle))
    return Node.map([
      cosine, -sine, x - cosine * x + sine * y,
      sine, cosine, y - sine * x - cosine * y,
    ])
  }
}
