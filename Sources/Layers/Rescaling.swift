import DeepSwiftEngine

/// `x · scale + offset`: brings pixels to a range that is good to learn from.
///
/// ```swift
/// // 0...255 becomes 0...1
/// Rescaling(1.0 / 255)
/// // 0...255 becomes -1...1
/// Rescaling(1.0 / 127.5, offset: -1)
/// ```
/// Input and output have any shape. As a model's first layer it costs nothing: images are scaled while they are read.
public struct Rescaling: Layer {
  public var name: String?
  /// The factor.
  public var scale: Float
  /// What is added after it.
  public var offset: Float

  /// The layer with these settings.
  public init(_ scale: Float, offset: Float = 0, name: String? = nil) {
    self.name = name
    self.scale = scale
    self.offset = offset
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    // One operation, so that it can be folded into the reading of the batch.
    x.scaled(by: scale, offset: offset)
  }
}
