import DeepSwiftEngine

/// `(x - mean) / sqrt(variance + epsilon) · gamma + beta` for each place along `axis`, by default each channel.
///
/// While training, mean and variance are those of the batch, and the moving ones follow them:
/// `moving ← moving · momentum + batch · (1 - momentum)`. Inference uses the moving ones, and so does a frozen layer.
///
/// Input and output `[…, channels]`.
/// Weights, each `[channels]`: `gamma`, `beta`, `moving_mean`, `moving_variance`.
public struct BatchNormalization: Layer {
  public var name: String?
  /// As in Keras, axis 0 is the batch, and 1 the first axis of a sample; negative axes count from the end.
  public var axis: Int
  /// How slowly the moving statistics follow the batches.
  public var momentum: Float
  /// Keeps the divisor away from 0.
  public var epsilon: Float
  /// Whether `beta` is added.
  public var center: Bool
  /// Whether the result is multiplied by `gamma`.
  public var scale: Bool
  /// The first values of `beta`.
  @Coded public var betaInitializer: any Initializer
  /// The first values of `gamma`.
  @Coded public var gammaInitializer: any Initializer
  /// The first moving mean.
  @Coded public var movingMeanInitializer: any Initializer
  /// The first moving variance.
  @Coded public var movingVarianceInitializer: any Initializer
  /// What `beta` adds to the loss.
  @Coded public var betaRegularizer: (any Regularizer)?
  /// What `gamma` adds to the loss.
  @Coded public var gammaRegularizer: (any Regularizer)?

  /// The layer with these settings.
  public init(
    axis: Int = -1, momentum: Float = 0.99, epsilon: Float = 1e-3, center: Bool = true, scale: Bool = true,
    betaInitializer: any Initializer = .zeros, gammaInitializer: any Initializer = .ones,
    movingMeanInitializer: any Initializer = .zeros, movingVarianceInitializer: any Initializer = .ones,
    betaRegularizer: (any Regularizer)? = nil, gammaRegularizer: (any Regularizer)? = nil, name: String? = nil
  ) {
    self.name = name
    self.axis = axis
    self.momentum = momentum
    self.epsilon = epsilon
    self.center = center
    self.scale = scale
    self.betaInitializer = betaInitializer
    self.gammaInitializer = gammaInitializer
    self.movingMeanInitializer = movingMeanInitializer
    self.movingVarianceInitializer = movingVarianceInitializer
    self.betaRegularizer = betaRegularizer
    self.gammaRegularizer = gammaRegularizer
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    guard axis != 0, let axis = x.shape.normalized(axis: axis > 0 ? axis - 1 : axis) else {
      return x.poisoned("axis \(axis) is none of a sample of shape \(x.shape); axis 0 is the batch, 1 the first of a sample")
    }
    var order = Array(0..<x.shape.rank)
    order.swapAt(axis, x.shape.rank - 1)
    let isLast = axis == x.shape.rank - 1
    let normalized = normalizeLastAxis(isLast ? x : x.transposed(order), weights)
    return isLast ? normalized : normalized.transposed(order)
  }

  private func normalizeLastAxis(_ x: Node, _ weights: Weights) -> Node {
    let channels: Shape = [x.shape.last]
    let gamma =
      scale ? weights("gamma", channels, gammaInitializer, regularizer: gammaRegularizer) : Node(Tensor.ones(channels))
    let beta =
      center ? weights("beta", channels, betaInitializer, regularizer: betaRegularizer) : Node(Tensor.zeros(channels))
    return x.batchNormalized(
      gamma: gamma, beta: beta,
      movingMean: weights("moving_mean", channels, movingMeanInitializer, trainable: false),
      movingVariance: weights("moving_variance", channels, movingVarianceInitializer, trainable: false),
      momentum: momentum, epsilon: epsilon, isFrozen: !weights.isTrainable)
  }
}
