import DeepSwiftEngine

/// A convolution: `activation(Σ kernel · window + bias)` for each window of an image.
///
/// ```swift
/// // [28, 28, 1] becomes [26, 26, 32]
/// Conv2D(32, kernelSize: 3, activation: .relu)
/// // [28, 28, 1] becomes [28, 28, 32]
/// Conv2D(32, kernelSize: 3, padding: .same, activation: .relu)
/// // [28, 28, 32] becomes [14, 14, 64]
/// Conv2D(64, kernelSize: [3, 5], strides: 2, padding: .same)
/// ```
/// Input `[height, width, channels]`, output `[height', width', filters]`.
/// Weights: `kernel [kernelHeight, kernelWidth, channels / groups, filters]`, `bias [filters]`.
public struct Conv2D: Layer {
  public var name: String?
  /// The number of channels that come out.
  public var filters: Int
  /// The height and width of the window.
  public var kernelSize: Extent2D
  /// How far the window moves from place to place.
  public var strides: Extent2D
  /// Whether zeros around the input keep its size (`.same`), or not (`.valid`).
  public var padding: Padding
  /// The distance between the points of the window.
  public var dilationRate: Extent2D
  /// Into how many groups, computed apart, the channels are divided.
  public var groups: Int
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
    _ filters: Int, kernelSize: Extent2D, strides: Extent2D = 1, padding: Padding = .valid, dilationRate: Extent2D = 1,
    groups: Int = 1, activation: ActivationFunction = .linear, useBias: Bool = true,
    kernelInitializer: any Initializer = .glorotUniform, biasInitializer: any Initializer = .zeros,
    kernelRegularizer: (any Regularizer)? = nil, biasRegularizer: (any Regularizer)? = nil,
    activityRegularizer: (any Regularizer)? = nil, name: String? = nil
  ) {
    self.name = name
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.dilationRate = dilationRate
    self.groups = groups
    self.activation = activation
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    self.kernelRegularizer = kernelRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    if let fault = x.faultAsImage ?? kernelSize.fault("kernelSize") ?? strides.fault("strides")
      ?? dilationRate.fault("dilationRate")
    {
      return x.poisoned(fault)
    }
    guard groups > 0, x.shape[2] % groups == 0, filters % groups == 0 else {
      return x.poisoned("\(groups) groups do not divide \(x.shape[2]) input channels and \(filters) filters")
    }
    let kernel = weights(
      "kernel", [kernelSize.height, kernelSize.width, x.shape[2] / groups, filters], kernelInitializer,
      regularizer: kernelRegularizer)
    let sum = x.convolved(
      kernel, strides: strides.pair, padding: padding, dilation: dilationRate.pair, groups: groups)
    let bias = useBias ? weights("bias", [filters], biasInitializer, regularizer: biasRegularizer) : nil
    return activation(bias.map { sum + $0 } ?? sum).regularized(by: activityRegularizer, weights)
  }
}
