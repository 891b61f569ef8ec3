import DeepSwiftEngine

/// The mean of each channel over the whole image.
///
/// Input `[height, width, channels]`, output `[channels]`, or `[1, 1, channels]` with `keepDimensions`.
public struct GlobalAveragePooling2D: Layer {
  public var name: String?
  /// Whether the two axes stay, with length 1.
  public var keepDimensions: Bool

  /// The layer with these settings.
  public init(keepDimensions: Bool = false, name: String? = nil) {
    self.keepDimensions = keepDimensions
    self.name = name
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    if let fault = x.faultAsImage { return x.poisoned(fault) }
    return x.mean(axes: [0, 1], keepDimensions: keepDimensions)
  }
}
