import DeepSwiftEngine

/// The largest element of each window, channel by channel.
///
/// ```swift
/// MaxPooling2D()    // [28, 28, 32] becomes [14, 14, 32]
/// ```
/// Input `[height, width, channels]`, output `[height', width', channels]`.
public struct MaxPooling2D: Layer {
  public var name: String?
  /// The height and width of the window.
  public var poolSize: Extent2D
  /// How far the window moves from place to place.
  public var strides: Extent2D
  /// Whether zeros around the input keep its size (`.same`), or not (`.valid`).
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
