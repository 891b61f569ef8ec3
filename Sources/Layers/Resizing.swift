import DeepSwiftEngine

/// An image of another size.
///
/// Input `[height, width, channels]`, output `[self.height, self.width, channels]`.
public struct Resizing: Layer {
  public var name: String?
  /// The new height.
  public var height: Int
  /// The new width.
  public var width: Int
  /// How new pixels are made of old ones.
  public var interpolation: Resampling
  /// Whether the image keeps its proportions: what does not fit is cut off on both sides.
  public var cropToAspectRatio: Bool
  /// Whether the image keeps its proportions: `fillValue` fills what is left on both sides.
  public var padToAspectRatio: Bool
  /// What the sides are filled with.
  public var fillValue: Float
  /// Whether pixels that fall together are averaged where the image shrinks.
  public var antialias: Bool

  /// The layer with these settings.
  public init(
    _ height: Int, _ width: Int, interpolation: Resampling = .bilinear, cropToAspectRatio: Bool = false,
    padToAspectRatio: Bool = false, fillValue: Float = 0, antialias: Bool = false, name: String? = nil
  ) {
    self.name = name
    self.height = height
    self.width = width
    self.interpolation = interpolation
    self.cropToAspectRatio = cropToAspectRatio
    self.padToAspectRatio = padToAspectRatio
    self.fillValue = fillValue
    self.antialias = antialias
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    if let fault = x.faultAsImage ?? faultAsImageSize(height, width) { return x.poisoned(fault) }
    guard !(cropToAspectRatio && padToAspectRatio) else {
      return x.poisoned("cropToAspectRatio and padToAspectRatio exclude each other; choose one")
    }
    let whole = cropToAspectRatio ? x.croppedToProportions(height, width) : padToAspectRatio ? padded(x) : x
    return whole.resized(height, width, by: interpolation, antialias: antialias)
  }

  /// With `fillValue` on two sides, so that the image has the right proportions, or the nearest by an even number of pixels.
  private func padded(_ x: Node) -> Node {
    let above = max(0, x.shape[1] * height / width - x.shape[0]) / 2
    let beside = above > 0 ? 0 : max(0, x.shape[0] * width / height - x.shape[1]) / 2
    return above + beside == 0 ? x : x.padded([(above, above), (beside, beside), (0, 0)], with: fillValue)
  }
}
