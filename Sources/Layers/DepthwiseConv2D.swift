import DeepSwiftEngine

/// A convolution of each channel with `depthMultiplier` kernels of its own.
///
/// Input `[height, width, channels]`, output `[height', width', channels · depthMultiplier]`.
/// Weights: `kernel [kernelHeight, kernelWidth, channels, depthMultiplier]`, `bias [channels · depthMultiplier]`.
public struct DepthwiseConv2D: Layer {
  public var name: String?
  /// The height and width of the window.
  public var kernelSize: Extent2D
  /// How far the window moves from place to place.
  public var strides: Extent2D
  /// Whether zeros around the input keep its size (`.same`), or not (`.valid`).
  public var padding: Padding
  /// The number of channels that each channel becomes.
  public var depthMultiplier: Int
  /// The distance between the points of the window.
  public var dilationRate: Extent2D
  /// What is applied to the result.
  public var activation: ActivationFunction
  /// Whether a bias is added.
  public var useBias: Bool
  /// The first values of the kernel.
  @Coded public var depthwiseInitializer: any Initializer
  /// The first values of the bias.
  @Coded public var biasInitializer: any Initializer
  /// What the kernel adds to the loss.
  @Coded public var depthwiseRegularizer: (any Regularizer)?
  /// What the bias adds to the loss.
  @Coded public var biasRegularizer: (any Regularizer)?
  /// What the output adds to the loss.
  @Coded public var activityRegularizer: (any Regularizer)?

  /// The layer with these settings.
  public init(
    kernelSize: Extent2D, strides: Extent2D = 1, padding: Padding = .valid, depthMultiplier: Int = 1,
    dilationRate: Extent2D = 1, activation: ActivationFunction = .linear, useBias: Bool = true,
    depthwiseInitializer: any Initializer = .glorotUniform, biasInitializer: any Initializer = .zeros,
    depthwiseRegularizer: (any Regularizer)? = nil, biasRegularizer: (any Regularizer)? = nil,
    activityRegularizer: (any Regularizer)? = nil, name: String? = nil
  ) {
    self.name = name
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.depthMultiplier = depthMultiplier
    self.dilationRate = dilationRate
    self.activation = activation
    self.useBias = useBias
    self.depthwiseInitializer = depthwiseInitializer
    self.biasInitializer = biasInitializer
    self.depthwiseRegularizer = depthwiseRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    if let fault = x.faultAsImage ?? kernelSize.fault("kernelSize") ?? strides.fault("strides")
      ?? dilationRate.fault("dilationRate")
    {
      return x.poisoned(fault)
    }
    let kernel = weights(
      "kernel", [kernelSize.height, kernelSize.width, x.shape[2], depthMultiplier], depthwiseInitializer,
      regularizer: depthwiseRegularizer)
    let sum = x.depthwiseConvolved(kernel, strides: strides.pair, padding: padding, dilation: dilationRate.pair)
    let channels: Shape = [x.shape[2] * depthMultiplier]
    let bias = useBias ? weights("bias", channels, biasInitializer, regularizer: biasRegularizer) : nil
    return activation(bias.map { sum + $0 } ?? sum).regularized(by: activityRegularizer, weights)
  }
}
