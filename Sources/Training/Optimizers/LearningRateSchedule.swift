import Foundation

/// How large an optimizer's steps are. A number is the simplest schedule: always the same.
public protocol LearningRateSchedule: Codable, Sendable {
  /// The rate of the step that comes after `step` others.
  func rate(at step: Int) -> Float
}

extension Float: LearningRateSchedule {
  public func rate(at step: Int) -> Float { self }
}

extension Double: LearningRateSchedule {
  public func rate(at step: Int) -> Float { Float(self) }
}

extension Int: LearningRateSchedule {
  public func rate(at step: Int) -> Float { Float(self) }
}

/// `initial · rate^(step / steps)`; with `staircase` the exponent is rounded down.
public struct ExponentialDecay: LearningRateSchedule {
  /// The rate at first, the steps of one decay, its factor, and whether it comes all at once.
  public var initial: Float, steps: Int, rate: Float, staircase: Bool

  /// The schedule with these settings.
  public init(initial: Float, steps: Int, rate: Float, staircase: Bool = false) {
    (self.initial, self.steps, self.rate, self.staircase) = (initial, steps, rate, staircase)
  }

  public func rate(at step: Int) -> Float {
    let progress = Float(step) / Float(steps)
    return initial * pow(rate, staircase ? progress.rounded(.down) : progress)
  }
}

/// `initial / (1 + rate · step / steps)`; with `staircase` the quotient is rounded down.
public struct InverseTimeDecay: LearningRateSchedule {
  /// The rate at first, the steps of one decay, its size, and whether it comes all at once.
  public var initial: Float, steps: Int, rate: Float, staircase: Bool

  /// The schedule with these settings.
  public init(initial: Float, steps: Int, rate: Float, staircase: Bool = false) {
    (self.initial, self.steps, self.rate, self.staircase) = (initial, steps, rate, staircase)
  }

  public func rate(at step: Int) -> Float {
    let progress = Float(step) / Float(steps)
    return initial / (1 + rate * (staircase ? progress.rounded(.down) : progress))
  }
}

/// `(initial - end) · (1 - step / steps)^power + end`, then `end`; with `cycle` it begins again.
public struct PolynomialDecay: LearningRateSchedule {
  /// The rate at first, the steps down to the rate at the end, the exponent, and whether it begins again.
  public var initial: Float, steps: Int, end: Float, power: Float, cycle: Bool

  /// The schedule with these settings.
  public init(initial: Float, steps: Int, end: Float = 1e-4, power: Float = 1, cycle: Bool = false) {
    (self.initial, self.steps, self.end, self.power, self.cycle) = (initial, steps, end, power, cycle)
  }

  public func rate(at step: Int) -> Float {
    let rounds = cycle && step > 0 ? (Float(step) / Float(steps)).rounded(.up) : 1
    let length = Float(steps) * rounds, position = cycle ? Float(step) : Float(min(step, steps))
    return (initial - end) * pow(1 - position / length, power) + end
  }
}

/// Half a cosine wave from `initial` (or from `warmupTarget`, reached in `warmupSteps`) down to `alpha` of it.
public struct CosineDecay: LearningRateSchedule {
  /// The rate at first, the steps down, the share that is left, and the rate and the steps of the way up before.
  public var initial: Float, steps: Int, alpha: Float, warmupTarget: Float?, warmupSteps: Int

  /// The schedule with these settings.
  public init(initial: Float, steps: Int, alpha: Float = 0, warmupTarget: Float? = nil, warmupSteps: Int = 0) {
    (self.initial, self.steps, self.alpha) = (initial, steps, alpha)
    (self.warmupTarget, self.warmupSteps) = (warmupTarget, warmupSteps)
  }

  public func rate(at step: Int) -> Float {
    guard let warmupTarget else { return decayed(from: initial, step) }
    if step < warmupSteps { return initial + (warmupTarget - initial) * Float(step) / Float(warmupSteps) }
    return decayed(from: warmupTarget, step - warmupSteps)
  }

  private func decayed(from start: Float, _ step: Int) -> Float {
    let wave = 0.5 * (1 + cos(Float.pi * Float(min(step, steps)) / Float(steps)))
    return start * ((1 - alpha) * wave + alpha)
  }
}

/// Half cosine waves one after the other, down to `alpha` of `initial`: each `periodFactor` times as long as the one before,
/// and `peakFactor` times as high.
public struct CosineDecayRestarts: LearningRateSchedule {
  /// The rate at first, the steps of the first wave, the factors of the next one's length and height, and the share that is
  /// left.
  public var initial: Float, firstSteps: Int, periodFactor: Float, peakFactor: Float, alpha: Float

  /// The schedule with these settings.
  public init(initial: Float, firstSteps: Int, periodFactor: Float = 2, peakFactor: Float = 1, alpha: Float = 0) {
    (self.initial, self.firstSteps) = (initial, firstSteps)
    (self.periodFactor, self.peakFactor, self.alpha) = (periodFactor, peakFactor, alpha)
  }

  public func rate(at step: Int) -> Float {
    var position = Float(step), length = Float(firstSteps), height: Float = 1
    while position >= length {
      position -= length
      length *= periodFactor
      height *= peakFactor
    }
    let wave = 0.5 * (1 + cos(Float.pi * position / length))
    return initial * ((1 - alpha) * height * wave + alpha)
  }
}

/// `values[i]` up to and including step `boundaries[i]`, the last value after all of them.
public struct PiecewiseConstantDecay: LearningRateSchedule {
  /// The last step of each rate, and the rates, one more.
  public var boundaries: [Int], values: [Float]

  /// The schedule with these settings.
  public init(boundaries: [Int], values: [Float]) {
    precondition(
      values.count == boundaries.count + 1, "\(boundaries.count) boundaries need \(boundaries.count + 1) values")
    (self.boundaries, self.values) = (boundaries, values)
  }

  public func rate(at step: Int) -> Float { values[boundaries.firstIndex { step <= $0 } ?? boundaries.count] }
}

extension LearningRateSchedule where Self == ExponentialDecay {
  /// `initial · rate^(n / steps)`.
  public static func exponentialDecay(initial: Float, steps: Int, rate: Float, staircase: Bool = false) -> Self {
    Self(initial: initial, steps: steps, rate: rate, staircase: staircase)
  }
}

extension LearningRateSchedule where Self == InverseTimeDecay {
  /// `initial / (1 + rate · n / steps)`.
  public static func inverseTimeDecay(initial: Float, steps: Int, rate: Float, staircase: Bool = false) -> Self {
    Self(initial: initial, steps: steps, rate: rate, staircase: staircase)
  }
}

extension LearningRateSchedule where Self == PolynomialDecay {
  /// `(initial - end) (1 - n / steps)^power + end`.
  public static func polynomialDecay(
    initial: Float, steps: Int, end: Float = 1e-4, power: Float = 1, cycle: Bool = false
  ) -> Self {
    Self(initial: initial, steps: steps, end: end, power: power, cycle: cycle)
  }
}

extension LearningRateSchedule where Self == CosineDecay {
  /// Half a cosine wave down to `alpha · initial`, after a straight way up if there is one.
  public static func cosineDecay(
    initial: Float, steps: Int, alpha: Float = 0, warmupTarget: Float? = nil, warmupSteps: Int = 0
  ) -> Self {
    Self(initial: initial, steps: steps, alpha: alpha, warmupTarget: warmupTarget, warmupSteps: warmupSteps)
  }
}

extension LearningRateSchedule where Self == CosineDecayRestarts {
  /// Half cosine waves, one after the other.
  public static func cosineDecayRestarts(
    initial: Float, firstSteps: Int, periodFactor: Float = 2, peakFactor: Float = 1, alpha: Float = 0
  ) -> Self {
    Self(initial: initial, firstSteps: firstSteps, periodFactor: periodFactor, peakFactor: peakFactor, alpha: alpha)
  }
}

extension LearningRateSchedule where Self == PiecewiseConstantDecay {
  /// `values[i]` up to and including step `boundaries[i]`.
  public static func piecewiseConstant(boundaries: [Int], values: [Float]) -> Self {
    Self(boundaries: boundaries, values: values)
  }
}
