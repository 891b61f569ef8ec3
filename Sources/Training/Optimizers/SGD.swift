import DeepSwiftEngine

/// Gradient descent: `w -= rate · g`; with momentum `v ← momentum · v - rate · g; w += v`.
public struct SGD: Optimizer, Codable {
  /// The learning rate, or a schedule of it.
  @Coded public var learningRate: any LearningRateSchedule
  /// How much of the step before is added.
  public var momentum: Float
  /// Whether the gradient is taken where momentum would lead.
  public var nesterov: Bool
  public var weightDecay: Float?
  public var clipping: GradientClipping?

  /// The optimizer with these settings; what is left out is as in Keras.
  public init(
    learningRate: any LearningRateSchedule = 0.01, momentum: Float = 0, nesterov: Bool = false, weightDecay: Float? = nil,
    clipping: GradientClipping? = nil
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    self.clipping = clipping
  }

  public var slotCount: Int { momentum == 0 ? 0 : 1 }
  public func apply(_ update: Update) { update.descend(momentum: momentum, nesterov: nesterov) }
}

extension Optimizer where Self == SGD {
  /// Plain gradient descent with a rate of 0.01.
  public static var sgd: SGD { SGD() }
  /// Gradient descent: `w -= rate · g`; with momentum `v ← momentum · v - rate · g; w += v`.
  public static func sgd(
    learningRate: any LearningRateSchedule = 0.01, momentum: Float = 0, nesterov: Bool = false, weightDecay: Float? = nil,
    clipping: GradientClipping? = nil
  ) -> SGD {
    SGD(
      learningRate: learningRate, momentum: momentum, nesterov: nesterov, weightDecay: weightDecay, clipping: clipping)
  }
}
