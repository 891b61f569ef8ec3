import DeepSwiftEngine

/// While training, moves each image: by a part of its height downward, by a part of its width to the right.
///
/// In inference images stay as they are. Input and output `[height, width, channels]`.
public struct RandomTranslation: Layer {
  public var name: String?
  /// How far up or down, as a share of the height.
  public var heightFactor: FactorRange
  /// How far to a side, as a share of the width.
  public var widthFactor: FactorRange
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
    _ heightFactor: FactorRange, _ widthFactor: FactorRange, fillMode: Warp.FillMode = .reflect,
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
    if let fault = x.faultAsImage ?? heightFactor.fault("heightFactor", within: -1...1)
      ?? widthFactor.fault("widthFactor", within: -1...1)
    {
      return x.poisoned(fault)
    }
    let draws = x.randomUniform(0...1, shape: [2], key: weights.randomKey, seed: seed)
    let down = heightFactor.number(at: draws.at(0)) * Float(x.shape[0])
    let across = widthFactor.number(at: draws.at(1)) * Float(x.shape[1])
    return x.whileTraining(
      x.warped(
        by: x.translation(across: across, down: down), interpolation: interpolation, fillMode: fillMode, fillValue: fillValue))
  }
}

extension Node {
  /// The map that looks up each pixel of an image so many pixels to the left and above.
  func translation(across: Node, down: Node) -> Node {
    Node.map([Node(1), Node(0), -across, Node(0), Node(1), -down])
  }
}
