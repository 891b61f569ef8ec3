import DeepSwiftEngine

/// A fully connected layer: `activation(x · kernel + bias)`.
///
/// ```swift
/// // [784] becomes [128]
/// Dense(128, activation: .relu)
/// // [128] becomes the probabilities of ten classes
/// Dense(10, activation: .softmax)
/// ```
/// Input `[…, features]`, output `[…, units]`.
/// Weights: `kernel [features, units]`, `bias [units]`.
public struct Dense: Layer {
  public var name: String?
  /// The number of outputs.
  public var units: Int
  /// What is applied to the result.
  public var activation: ActivationFunction
  /// Whether a bias is added.
  public var useBias: Bool
  /// The first values of the kernel.
  @Coded public var kernelInitializer: any Initializer
  /// The first values of the bias.
  @Coded public var biasInitializer: any Initializer
  /// What the kernel adds to the loss.
  @Coded public var kernelRegularizer: (any Regularizer)?
  /// What the bias adds to the loss.
  @Coded public var biasRegularizer: (any Regularizer)?
  /// What the output adds to the loss.
  @Coded public var activityRegularizer: (any Regularizer)?

  /// The layer with these settings.
  public init(
    _ units: Int, activation: ActivationFunction = .linear, useBias: Bool = true,
    kernelInitializer: any Initializer = .glorotUniform, biasInitializer: any Initializer = .zeros,
    kernelRegularizer: (any Regularizer)? = nil, biasRegularizer: (any Regularizer)? = nil,
    activityRegularizer: (any Regularizer)? = nil, name: String? = nil
  ) {
    self.name = name
    self.units = units
    self.activation = activation
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    self.kernelRegularizer = kernelRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    let kernel = weights("kernel", [x.shape.last, units], kernelInitializer, regularizer: kernelRegularizer)
    let product = x.matmul(kernel)
    let bias = useBias ? weights("bias", [units], biasInitializer, regularizer: biasRegularizer) : nil
    return activation(bias.map { product + $0 } ?? product).regularized(by: activityRegularizer, weights)
  }
}
