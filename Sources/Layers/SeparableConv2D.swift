import DeepSwiftEngine

/// A convolution of each channel by itself, then one of size 1 that mixes the channels:
/// `activation(depthwise(x) · pointwiseKernel + bias)`.
///
/// Input `[height, width, channels]`, output `[height', width', filters]`.
/// Weights: `depthwise_kernel [kernelHeight, kernelWidth, channels, depthMultiplier]`,
/// `pointwise_kernel [1, 1, channels · depthMultiplier, filters]`, `bias [filters]`.
public struct SeparableConv2D: Layer {
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
  /// The number of channels that each channel becomes before they are mixed.
  public var depthMultiplier: Int
  /// What is applied to the result.
  public var activation: ActivationFunction
  /// Whether a bias is added.
  public var useBias: Bool
  /// The first values of the kernels of each channel.
  @Coded public var depthwiseInitializer: any Initializer
  /// The first values of the kernel that mixes channels.
  @Coded public var pointwiseInitializer: any Initializer
  /// The first values of the bias.
  @Coded public var biasInitializer: any Initializer
  /// What the kernels of each channel add to the loss.
  @Coded public var depthwiseRegularizer: (any Regularizer)?
  /// What the kernel that mixes channels adds to the loss.
  @Coded public var pointwiseRegularizer: (any Regularizer)?
  /// What the bias adds to the loss.
  @Coded public var biasRegularizer: (any Regularizer)?
  /// What the output adds to the loss.
  @Coded public var activityRegularizer: (any Regularizer)?

  /// The layer with these settings.
  public init(
    _ filters: Int, kernelSize: Extent2D, strides: Extent2D = 1, padding: Padding = .valid, dilationRate: Extent2D = 1,
    depthMultiplier: Int = 1, activation: ActivationFunction = .linear, useBias: Bool = true,
    depthwiseInitializer: any Initializer = .glorotUniform, pointwiseInitializer: any Initializer = .glorotUniform,
    biasInitializer: any Initializer = .zeros, depthwiseRegularizer: (any Regularizer)? = nil,
    pointwiseRegularizer: (any Regularizer)? = nil, biasRegularizer: (any Regularizer)? = nil,
    activityRegularizer: (any Regularizer)? = nil, name: String? = nil
  ) {
    self.name = name
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.dilationRate = dilationRate
    self.depthMultiplier = depthMultiplier
    self.activation = activation
    self.useBias = useBias
    self.depthwiseInitializer = depthwiseInitializer
    self.pointwiseInitializer = pointwiseInitializer
    self.biasInitializer = biasInitializer
    self.depthwiseRegularizer = depthwiseRegularizer
    self.pointwiseRegularizer = pointwiseRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    if let fault = x.faultAsImage ?? kernelSize.fault("kernelSize") ?? strides.fault("strides")
      ?? dilationRate.fault("dilationRate")
    {
      return x.poisoned(fault)
    }
    let depthwise = weights(
      "depthwise_kernel", [kernelSize.height, kernelSize.width, x.shape[2], depthMultiplier], depthwiseInitializer,
      regularizer: depthwiseRegularizer)
    let pointwise = weights(
      "pointwise_kernel", [1, 1, x.shape[2] * depthMultiplier, filters], pointwiseInitializer, regularizer: pointwiseRegularizer)
    let apart = x.depthwiseConvolved(depthwise, strides: strides.pair, padding: padding, dilation: dilationRate.pair)
    let sum = apart.convolved(pointwise, strides: (1, 1), padding: .valid, dilation: (1, 1), groups: 1)
    let bias = useBias ? weights("bias", [filters], biasInitializer, regularizer: biasRegularizer) : nil
    return activation(bias.map { sum + $0 } ?? sum).regularized(by: activityRegularizer, weights)
  }
}
