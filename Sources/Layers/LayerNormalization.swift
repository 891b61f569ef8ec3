import DeepSwiftEngine

/// `(x - mean) / sqrt(variance + epsilon) · gamma + beta`, with mean and variance of each sample along the last axis.
///
/// Input and output `[…, features]`.
/// Weights: `gamma [features]`, `beta [features]`.
public struct LayerNormalization: Layer {
  public var name: String?
  /// The axes, of one sample, that are brought to mean 0 and variance 1 together.
  public var axes: [Int]
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
  /// What `beta` adds to the loss.
  @Coded public var betaRegularizer: (any Regularizer)?
  /// What `gamma` adds to the loss.
  @Coded public var gammaRegularizer: (any Regularizer)?

  /// - Parameter axes: what is normalized together, axes of one sample. The weights have the shape of these axes.
  public init(
    axes: [Int] = [-1], epsilon: Float = 1e-3, center: Bool = true, scale: Bool = true,
    betaInitializer: any Initializer = .zeros, gammaInitializer: any Initializer = .ones,
    betaRegularizer: (any Regularizer)? = nil, gammaRegularizer: (any Regularizer)? = nil, name: String? = nil
  ) {
    self.name = name
    self.axes = axes
    self.epsilon = epsilon
    self.center = center
    self.scale = scale
    self.betaInitializer = betaInitializer
    self.gammaInitializer = gammaInitializer
    self.betaRegularizer = betaRegularizer
    self.gammaRegularizer = gammaRegularizer
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    let places = axes.compactMap { x.shape.normalized(axis: $0) }.sorted()
    guard !axes.isEmpty, Set(places).count == axes.count else {
      return x.poisoned("\(axes) are not different axes of a sample of shape \(x.shape)")
    }
    let shape = Shape(places.map { x.shape[$0] })
    let gamma = scale ? weights("gamma", shape, gammaInitializer, regularizer: gammaRegularizer) : Node(Tensor.ones(shape))
    let beta = center ? weights("beta", shape, betaInitializer, regularizer: betaRegularizer) : Node(Tensor.zeros(shape))
    if places == [x.shape.rank - 1] { return x.layerNormalized(gamma: gamma, beta: beta, epsilon: epsilon) }

    // Weights stand along the normalized axes and are repeated along the others.
    let stretched = Shape(x.shape.dimensions.indices.map { places.contains($0) ? x.shape[$0] : 1 })
    let centered = x - x.mean(axes: places, keepDimensions: true)
    let deviation = sqrt(square(centered).mean(axes: places, keepDimensions: true) + epsilon)
    return centered / deviation * gamma.reshaped(stretched) + beta.reshaped(stretched)
  }
}
