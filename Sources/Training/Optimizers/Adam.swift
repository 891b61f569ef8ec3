import DeepSwiftEngine

/// Steps scaled by running means of the gradient and of its square (Kingma and Ba, 2014).
public struct Adam: Optimizer, Codable {
  /// The learning rate, or a schedule of it.
  @Coded public var learningRate: any LearningRateSchedule
  /// How slowly the mean of gradients changes.
  public var beta1: Float
  /// How slowly the mean of their squares changes.
  public var beta2: Float
  /// Keeps the divisor away from 0.
  public var epsilon: Float
  /// Whether the largest mean of squares so far is used.
  public var amsgrad: Bool
  public var weightDecay: Float?
  public var clipping: GradientClipping?

  /// The optimizer with these settings; what is left out is as in Keras.
  public init(
    learningRate: any LearningRateSchedule = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-7,
    amsgrad: Bool = false, weightDecay: Float? = nil, clipping: GradientClipping? = nil
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.amsgrad = amsgrad
    self.weightDecay = weightDecay
    self.clipping = clipping
  }

  public var slotCount: Int { amsgrad ? 3 : 2 }
  public func apply(_ update: Update) {
    update.adam(beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad)
  }
}

extension Optimizer where Self == Adam {
  /// Adam with a rate of 0.001.
  public static var adam: Adam { Adam() }
  /// Steps scaled by running means of the gradient and of its square (Kingma and Ba, 2014).
  public static func adam(
    learningRate: any LearningRateSchedule = 0.001, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-7,
    amsgrad: Bool = false, weightDecay: Float? = nil, clipping: GradientClipping? = nil
  ) -> Adam {
    Adam(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad, weightDecay: weightDecay,
      clipping: clipping)
  }

  /// Adam with the weight decay that Keras' AdamW has by default.
  public static func adamW(
    learningRate: any LearningRateSchedule = 0.001, weightDecay: Float = 0.004, beta1: Float = 0.9, beta2: Float = 0.999,
    epsilon: Float = 1e-7, amsgrad: Bool = false, clipping: GradientClipping? = nil
  ) -> Adam {
    Adam(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad, weightDecay: weightDecay,
      clipping: clipping)
  }
}
