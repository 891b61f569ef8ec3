import DeepSwiftEngine

/// Changes weights by their gradients: a value that holds settings. Its numbers for each weight (its slots) belong to the
/// compiled model.
///
/// ```swift
/// struct SignDescent: Optimizer {
///   var learningRate: any LearningRateSchedule = 0.001
///   func apply(_ u: Update) {
///     for i in 0..<u.count { u.weights[i] -= u.learningRate * (u.gradients[i] > 0 ? 1 : -1) }
///   }
/// }
/// ```
public protocol Optimizer {
  /// The learning rate, or a schedule of it.
  var learningRate: any LearningRateSchedule { get set }

  /// How many numbers it keeps for each weight. They begin at zero.
  var slotCount: Int { get }

  /// What is done to gradients first.
  var clipping: GradientClipping? { get }

  /// The share of each weight, times the learning rate, that is taken off before each step.
  var weightDecay: Float? { get }

  /// One step on a stretch of weights. Called from several threads, each with a stretch of its own.
  func apply(_ update: Update)
}

extension Optimizer {
  public var slotCount: Int { 0 }
  public var clipping: GradientClipping? { nil }
  public var weightDecay: Float? { nil }
}

/// Keeps gradients from becoming too large.
public enum GradientClipping: Hashable, Codable, Sendable {
  /// Every number of a gradient lies in `-limit...limit`.
  case value(Float)
  /// The norm of the gradient of each weight is at most this.
  case norm(Float)
  /// The norm of all gradients together is at most this.
  case globalNorm(Float)

  var inPlan: Clipping {
    switch self {
    case .value(let limit): .value(limit)
    case .norm(let limit): .norm(limit)
    case .globalNorm(let limit): .globalNorm(limit)
    }
  }
}
