import DeepSwiftEngine

/// An image enlarged by whole factors.
///
/// Input `[height, width, channels]`, output `[height · size.height, width · size.width, channels]`.
public struct UpSampling2D: Layer {
  /// Where new points get their values: from the nearest old one, or from four, by distance.
  public enum Interpolation: String, Codable, Sendable {
    /// The nearest old point, or four of them by their distance.
    case nearest, bilinear
  }

  public var name: String?
  /// How many times as high and as wide.
  public var size: Extent2D
  /// Where new points get their values.
  public var interpolation: Interpolation

  /// The layer with these settings.
  public init(size: Extent2D = 2, interpolation: Interpolation = .nearest, name: String? = nil) {
    self.name = name
    self.size = size
    self.interpolation = interpolation
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    if let fault = x.faultAsImage ?? size.fault("size") { return x.poisoned(fault) }
    return x.upsampled(size.pair, bilinear: interpolation == .bilinear)
  }
}
