import DeepSwiftEngine

/// Two lengths, along the height and the width of an image: `3` for both, `[3, 5]` for each.
public struct Extent2D: Hashable, Codable, Sendable {
  /// In rows and in columns.
  public var height, width: Int

  /// A height and a width.
  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// The same in both directions.
  public init(_ both: Int) { self.init(both, both) }

  var pair: (Int, Int) { (height, width) }

  /// What is wrong with it, if anything.
  func fault(_ name: String) -> String? {
    height > 0 && width > 0 ? nil : "\(name) must be positive, received [\(height), \(width)]"
  }
}

extension Extent2D: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  public init(integerLiteral both: Int) { self.init(both) }

  /// One number for both, or two.
  public init(arrayLiteral lengths: Int...) {
    // Any other count becomes lengths that the layer refuses with its name.
    self.init(lengths.first ?? 0, lengths.count == 1 ? lengths[0] : lengths.count == 2 ? lengths[1] : 0)
  }
}

extension Node {
  /// Why this is no image, if it is none.
  var faultAsImage: String? {
    shape.rank == 3
      ? nil
      : "expects images, samples of shape [height, width, channels], received samples of shape \(shape)."
        + (shape.rank == 2 ? " Add an axis of one channel before it: Reshape([\(shape[0]), \(shape[1]), 1])." : "")
  }

  /// A node that carries this node's fault, or a new one.
  func poisoned(_ message: String) -> Node { Node(poisoned: error ?? ModelError(.shape, message), shape: shape) }
}
