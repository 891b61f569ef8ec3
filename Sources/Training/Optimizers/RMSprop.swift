import DeepSwiftEngine

/// Steps divided by the root of a running mean of the squared gradient.
public struct RMSprop: Optimizer, Codable {
  /// The learning rate, or a schedule of it.
  @Coded public var learningRate: any LearningRateSchedule
  /// How slowly the mean of squared gradients changes.
  public var rho: Float
  /// How much of the step before is added.
  public var momentum: Float
  /// Keeps the divisor away from 0.
  public var epsilon: Float
  /// Whether the gradient's mean is taken off its square.
  public var centered: Bool
  public var weightDecay: Float?
  public var clipping: GradientClipping?

  /// The optimizer with these settings; what is left out is as in Keras.
  public init(
    learningRate: any LearningRateSchedule = 0.001, rho: Float = 0.9, momentum: Float = 0, epsilon: Float = 1e-7,
    centered: Bool = false, weightDecay: Float? = nil, clipping: GradientClipping? = nil
  ) {
    self.learningRate = learningRate
    self.rho = rho
    self.momentum = momentum
    self.epsilon = epsilon
    self.centered = centered
    self.weightDecay = weightDecay
    self.clipping = clipping
  }

  public var slotCount: Int { 1 + (momentum > 0 ? 1 : 0) + (centered ? 1 : 0) }
  public func apply(_ update: Update) {
    update.rmsprop(rho: rho, momentum: momentum, epsilon: epsilon, centered: centered)
  }
}

extension Optimizer where Self == RMSprop {
  /// RMSprop with a rate of 0.001.
  public static var rmsprop: RMSprop { RMSprop() }
  /// Steps divided by the root of a running mean of the squared gradient.
  public static func rmsprop(
    learningRate: any LearningRateSchedule = 0.001, rho: Float = 0.9, momentum: Float = 0, epsilon: Float = 1e-7,
    centered: Bool = false, weightDecay: Float? = nil, clipping: GradientClipping? = nil
  ) -> RMSprop {
    RMSprop(
      learningRate: learningRate, rho: rho, momentum: momentum, epsilon: epsilon, centered: centered,
      weightDecay: weightDecay, clipping: clipping)
  }
}
