import DeepSwiftEngine

/// Rows and columns of zeros around an image.
///
/// Input `[height, width, channels]`, output `[top + height + bottom, left + width + right, channels]`.
public struct ZeroPadding2D: Layer {
  public var name: String?
  /// Rows and columns of zeros on each side.
  public var top, bottom, left, right: Int

  /// The same above and below, and the same left and right: `ZeroPadding2D(1)`, `ZeroPadding2D([1, 2])`.
  public init(_ padding: Extent2D = 1, name: String? = nil) {
    self.init(top: padding.height, bottom: padding.height, left: padding.width, right: padding.width, name: name)
  }

  /// The layer with these settings.
  public init(top: Int, bottom: Int, left: Int, right: Int, name: String? = nil) {
    (self.top, self.bottom, self.left, self.right) = (top, bottom, left, right)
    self.name = name
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    if let fault = x.faultAsImage { return x.poisoned(fault) }
    return x.padded([(top, bottom), (left, right), (0, 0)])
  }
}
