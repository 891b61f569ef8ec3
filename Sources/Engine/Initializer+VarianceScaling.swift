/// Random numbers whose variance is `scale` divided by the number of connections, so that signals neither grow nor fade on
/// their way through the layers.
///
/// Of a kernel `[…, inputs, outputs]` each output has `fanIn` = inputs times the axes before (the receptive field), each
/// input `fanOut` = outputs times the same. A vector of n has n of both.
public struct VarianceScaling: Initializer {
  /// What the variance is divided by: the inputs of a unit, its outputs, or the mean of both.
  public enum Mode: String, Codable, Sendable {
    /// The inputs, the outputs, or the mean of both.
    case fanIn, fanOut, fanAverage
  }
  /// How the numbers are spread.
  public enum Distribution: String, Codable, Sendable {
    /// Normal and cut off, normal, or even.
    case truncatedNormal, untruncatedNormal, uniform
  }

  /// The variance before it is divided.
  public var scale: Float
  /// What the variance is divided by.
  public var mode: Mode
  /// How the numbers are spread.
  public var distribution: Distribution
  /// With a seed of its own an initializer gives the same values each time.
  public var seed: UInt64?

  /// The initializer with these settings.
  public init(
    scale: Float = 1, mode: Mode = .fanIn, distribution: Distribution = .truncatedNormal, seed: UInt64? = nil
  ) {
    self.scale = scale
    self.mode = mode
    self.distribution = distribution
    self.seed = seed
  }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    let variance = scale / max(1, connections(of: shape))
    let filling: any Initializer =
      switch distribution {
      // What remains of a normal distribution between -2 and 2 deviations has .8796… of its deviation.
      case .truncatedNormal:
        .truncatedNormal(standardDeviation: variance.squareRoot() / 0.87962566103423978, seed: seed)
      case .untruncatedNormal: .randomNormal(standardDeviation: variance.squareRoot(), seed: seed)
      case .uniform:
        .randomUniform(minimum: -(3 * variance).squareRoot(), maximum: (3 * variance).squareRoot(), seed: seed)
      }
    return filling.values(shape: shape, random: random)
  }

  /// How many connections the variance is shared by.
  private func connections(of shape: Shape) -> Float {
    let lengths = shape.dimensions
    let receptiveField = lengths.dropLast(2).reduce(1, *)
    let fanIn = Float(receptiveField * (lengths.count < 2 ? shape.last : lengths[lengths.count - 2]))
    let fanOut = Float(receptiveField * shape.last)
    return switch mode {
    case .fanIn: fanIn
    case .fanOut: fanOut
    case .fanAverage: (fanIn + fanOut) / 2
    }
  }
}

extension Initializer where Self == VarianceScaling {
  /// A variance of `scale / fan`.
  public static func varianceScaling(
    scale: Float = 1, mode: VarianceScaling.Mode = .fanIn,
    distribution: VarianceScaling.Distribution = .truncatedNormal, seed: UInt64? = nil
  ) -> VarianceScaling {
    VarianceScaling(scale: scale, mode: mode, distribution: distribution, seed: seed)
  }
}

/// Numbers spread evenly within √(6 / (fanIn + fanOut))
/// (Glorot, Bengio: "Understanding the difficulty of training deep feedforward neural networks", 2010).
public struct GlorotUniform: Initializer {
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// The initializer with these settings.
  public init(seed: UInt64? = nil) { self.seed = seed }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    VarianceScaling(scale: 1, mode: .fanAverage, distribution: .uniform, seed: seed)
      .values(shape: shape, random: random)
  }
}

/// A truncated normal distribution with deviation √(2 / (fanIn + fanOut))
/// (Glorot, Bengio, 2010).
public struct GlorotNormal: Initializer {
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// The initializer with these settings.
  public init(seed: UInt64? = nil) { self.seed = seed }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    VarianceScaling(scale: 1, mode: .fanAverage, distribution: .truncatedNormal, seed: seed)
      .values(shape: shape, random: random)
  }
}

/// Numbers spread evenly within √(6 / fanIn), for layers with a rectifier
/// (He et al.: "Delving Deep into Rectifiers", 2015).
public struct HeUniform: Initializer {
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// The initializer with these settings.
  public init(seed: UInt64? = nil) { self.seed = seed }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    VarianceScaling(scale: 2, mode: .fanIn, distribution: .uniform, seed: seed)
      .values(shape: shape, random: random)
  }
}

/// A truncated normal distribution with deviation √(2 / fanIn), for layers with a rectifier
/// (He et al., 2015).
public struct HeNormal: Initializer {
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// The initializer with these settings.
  public init(seed: UInt64? = nil) { self.seed = seed }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    VarianceScaling(scale: 2, mode: .fanIn, distribution: .truncatedNormal, seed: seed)
      .values(shape: shape, random: random)
  }
}

/// Numbers spread evenly within √(3 / fanIn)
/// (LeCun et al.: "Efficient BackProp", 1998).
public struct LecunUniform: Initializer {
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// The initializer with these settings.
  public init(seed: UInt64? = nil) { self.seed = seed }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    VarianceScaling(scale: 1, mode: .fanIn, distribution: .uniform, seed: seed)
      .values(shape: shape, random: random)
  }
}

/// A truncated normal distribution with deviation √(1 / fanIn), for layers with SELU
/// (LeCun et al., 1998).
public struct LecunNormal: Initializer {
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// The initializer with these settings.
  public init(seed: UInt64? = nil) { self.seed = seed }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    VarianceScaling(scale: 1, mode: .fanIn, distribution: .truncatedNormal, seed: seed)
      .values(shape: shape, random: random)
  }
}

extension Initializer where Self == GlorotUniform {
  /// Spread evenly within `√(6 / (fanIn + fanOut))`.
  public static var glorotUniform: GlorotUniform { GlorotUniform() }
  /// Spread evenly within `√(6 / (fanIn + fanOut))`, by a seed of its own.
  public static func glorotUniform(seed: UInt64) -> GlorotUniform { GlorotUniform(seed: seed) }
}

extension Initializer where Self == GlorotNormal {
  /// Truncated normal with a deviation of `√(2 / (fanIn + fanOut))`.
  public static var glorotNormal: GlorotNormal { GlorotNormal() }
  /// The same by a seed of its own.
  public static func glorotNormal(seed: UInt64) -> GlorotNormal { GlorotNormal(seed: seed) }
}

extension Initializer where Self == HeUniform {
  /// Spread evenly within `√(6 / fanIn)`.
  public static var heUniform: HeUniform { HeUniform() }
  /// Spread evenly within `√(6 / fanIn)`, by a seed of its own.
  public static func heUniform(seed: UInt64) -> HeUniform { HeUniform(seed: seed) }
}

extension Initializer where Self == HeNormal {
  /// Truncated normal with a deviation of `√(2 / fanIn)`.
  public static var heNormal: HeNormal { HeNormal() }
  /// The same by a seed of its own.
  public static func heNormal(seed: UInt64) -> HeNormal { HeNormal(seed: seed) }
}

extension Initializer where Self == LecunUniform {
  /// Spread evenly within `√(3 / fanIn)`.
  public static var lecunUniform: LecunUniform { LecunUniform() }
  /// Spread evenly within `√(3 / fanIn)`, by a seed of its own.
  public static func lecunUniform(seed: UInt64) -> LecunUniform { LecunUniform(seed: seed) }
}

extension Initializer where Self == LecunNormal {
  /// Truncated normal with a deviation of `√(1 / fanIn)`.
  public static var lecunNormal: LecunNormal { LecunNormal() }
  /// The same by a seed of its own.
  public static func lecunNormal(seed: UInt64) -> LecunNormal { LecunNormal(seed: seed) }
}
