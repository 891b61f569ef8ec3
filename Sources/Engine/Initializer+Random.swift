/// A normal distribution.
public struct RandomNormal: Initializer {
  /// The mean.
  public var mean: Float
  /// The standard deviation.
  public var standardDeviation: Float
  /// With a seed of its own an initializer gives the same values each time.
  public var seed: UInt64?

  /// The initializer with these settings.
  public init(mean: Float = 0, standardDeviation: Float = 0.05, seed: UInt64? = nil) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.seed = seed
  }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    let random = random.replaced(by: seed)
    return (0..<shape.count).map { mean + standardDeviation * random.normal(at: UInt64($0)) }
  }
}

/// A normal distribution of which what lies more than two deviations from the mean is cut off.
public struct TruncatedNormal: Initializer {
  /// The mean.
  public var mean: Float
  /// The standard deviation.
  public var standardDeviation: Float
  /// With a seed of its own an initializer gives the same values each time.
  public var seed: UInt64?

  /// The initializer with these settings.
  public init(mean: Float = 0, standardDeviation: Float = 0.05, seed: UInt64? = nil) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.seed = seed
  }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    let random = random.replaced(by: seed)
    return (0..<shape.count).map { mean + standardDeviation * random.truncatedNormal(at: UInt64($0)) }
  }
}

/// Numbers spread evenly over `minimum..<maximum`.
public struct RandomUniform: Initializer {
  /// The least value.
  public var minimum: Float
  /// The largest value.
  public var maximum: Float
  /// With a seed of its own an initializer gives the same values each time.
  public var seed: UInt64?

  /// The initializer with these settings.
  public init(minimum: Float = -0.05, maximum: Float = 0.05, seed: UInt64? = nil) {
    self.minimum = minimum
    self.maximum = maximum
    self.seed = seed
  }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    let random = random.replaced(by: seed)
    return (0..<shape.count).map { minimum + (maximum - minimum) * random.uniform(at: UInt64($0)) }
  }
}

extension RandomSource {
  /// The source of an initializer's own seed, if it has one.
  func replaced(by seed: UInt64?) -> RandomSource { seed.map { RandomSource(seed: $0) } ?? self }
}

extension Initializer where Self == RandomNormal {
  /// Normal, with a deviation of 0.05.
  public static var randomNormal: RandomNormal { RandomNormal() }
  /// Normal.
  public static func randomNormal(
    mean: Float = 0, standardDeviation: Float = 0.05, seed: UInt64? = nil
  ) -> RandomNormal {
    RandomNormal(mean: mean, standardDeviation: standardDeviation, seed: seed)
  }
}

extension Initializer where Self == TruncatedNormal {
  /// Normal, with a deviation of 0.05, cut off at twice that.
  public static var truncatedNormal: TruncatedNormal { TruncatedNormal() }
  /// Normal, cut off at two deviations.
  public static func truncatedNormal(
    mean: Float = 0, standardDeviation: Float = 0.05, seed: UInt64? = nil
  ) -> TruncatedNormal {
    TruncatedNormal(mean: mean, standardDeviation: standardDeviation, seed: seed)
  }
}

extension Initializer where Self == RandomUniform {
  /// Spread evenly from -0.05 to 0.05.
  public static var randomUniform: RandomUniform { RandomUniform() }
  /// Spread evenly.
  public static func randomUniform(
    minimum: Float = -0.05, maximum: Float = 0.05, seed: UInt64? = nil
  ) -> RandomUniform {
    RandomUniform(minimum: minimum, maximum: maximum, seed: seed)
  }
}
