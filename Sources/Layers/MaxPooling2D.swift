import DeepSwiftEngine

/// The largest element of each window, channel by channel.
///
/// Input `[height, width, channels]`, output `[height', width', channels]`.
public struct MaxPooling2D: Layer {
  public var name: String?
  public var poolSize: Extent2D
  public var strides: Extent2D
  public var padding: Padding

  /// - Parameter strides: by default as large as the window, so that windows do not overlap.
  public init(poolSize: Extent2D = 2, strides: Extent2D? = nil, padding: Padding = .valid, name: String? = nil) {
    self.name = name
    self.poolSize = poolSize
    self.strides = strides ?? poolSize
    self.padding = padding
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    if let fault = x.faultAsImage ?? poolSize.fault("poolSize") ?? strides.fault("strides") { return x.poisoned(fault) }
    return x.maxPooled(poolSize.pair, strides: strides.pair, padding: padding)
  }
}
