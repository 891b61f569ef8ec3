import DeepSwiftEngine

/// Steps scaled by running means of the gradient and of its square (Kingma and Ba, 2014).
public struct Adam: Optimizer, Codable {
  @Coded public var learningRate: any LearningRateSchedule
  public var beta1: Float
  public var beta2: Float
  public var epsilon: Float
  public var amsgrad: Bool
  public var weightDecay: Float?
  public var clipping: GradientClipping?

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
  public static var adam: Adam { Adam() }
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
