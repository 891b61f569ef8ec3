import DeepSwiftEngine

/// The middle of an image.
///
/// An image that is smaller is resized, after as little as possible was cut off to get the right proportions.
///
/// Input `[height, width, channels]`, output `[self.height, self.width, channels]`.
public struct CenterCrop: Layer {
  public var name: String?
  /// The height of the part.
  public var height: Int
  /// The width of the part.
  public var width: Int

  /// The layer with these settings.
  public init(_ height: Int, _ width: Int, name: String? = nil) {
    self.name = name
    self.height = height
    self.width = width
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node { x.croppedToCenter(height, width) }
}

extension Node {
  /// The middle of an image, or a resized image where there is less than that.
  func croppedToCenter(_ height: Int, _ width: Int) -> Node {
    if let fault = faultAsImage ?? faultAsImageSize(height, width) { return poisoned(fault) }
    let (rows, columns) = (shape[0] - height, shape[1] - width)
    guard rows >= 0, columns >= 0 else { return croppedToProportions(height, width).resized(height, width) }
    return window(top: rows / 2, left: columns / 2, height, width)
  }

  /// The largest window in the middle that has the proportions of `height` and `width`.
  func croppedToProportions(_ height: Int, _ width: Int) -> Node {
    let high = Swift.max(1, Swift.min(shape[0], shape[1] * height / width))
    let wide = Swift.max(1, Swift.min(shape[1], shape[0] * width / height))
    return window(top: (shape[0] - high) / 2, left: (shape[1] - wide) / 2, high, wide)
  }

  private func window(top: Int, left: Int, _ height: Int, _ width: Int) -> Node {
    var y = self
    if height < shape[0] { y = y.slice(axis: 0, top..<top + height) }
    if width < shape[1] { y = y.slice(axis: 1, left..<left + width) }
    return y
  }
}

/// What is wrong with the size of an image, if anything.
func faultAsImageSize(_ height: Int, _ width: Int) -> String? {
  let sizes = 1...1 << 20
  return sizes.contains(height) && sizes.contains(width)
    ? nil : "height and width must be positive, and at most \(sizes.upperBound), received [\(height), \(width)]"
}
