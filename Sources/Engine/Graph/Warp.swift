/// How an image is looked up at places between and beyond its pixels.
public enum Warp {
  /// What lies beyond the edges of an image.
  public enum FillMode: String, Codable, Sendable, CaseIterable {
    /// `k k k k | a b c d | k k k k`: the same number everywhere
    case constant
    /// `a a a a | a b c d | d d d d`: the nearest pixel
    case nearest
    /// `d c b a | a b c d | d c b a`: the image in a mirror that stands on its edge
    case reflect
    /// `a b c d | a b c d | a b c d`: the image again
    case wrap
  }

  /// What lies between pixels.
  public enum Interpolation: String, Codable, Sendable, CaseIterable {
    /// The nearest pixel.
    case nearest
    /// The four pixels around, the nearer the more.
    case bilinear
  }
}

extension Node {
  /// An image whose pixel in column `x` and row `y` is looked up in this one at
  /// `(m[0] x + m[1] y + m[2], m[3] x + m[4] y + m[5])`, with `m` a node of six numbers, for all samples or for each its own.
  ///
  /// Gradients go to the image, not to the map. Image `[height, width, channels]`, result `[size.height, size.width, channels]`.
  public func warped(
    by map: Node, size: (height: Int, width: Int)? = nil, interpolation: Warp.Interpolation = .bilinear,
    fillMode: Warp.FillMode = .constant, fillValue: Float = 0
  ) -> Node {
    let (height, width) = size ?? (shape.rank == 3 ? (shape[0], shape[1]) : (1, 1))
    return Node(
      WarpOp(height: height, width: width, interpolation: interpolation, fillMode: fillMode, fillValue: fillValue),
      [self, stopGradient(map)])
  }

  /// An image [height, width, channels] of another size.
  ///
  /// - Parameter antialias: whether pixels that fall together are averaged where the image shrinks.
  public func resized(_ height: Int, _ width: Int, by method: Resampling = .bilinear, antialias: Bool = false) -> Node {
    guard shape.rank == 3, height > 0, width > 0 else {
      return Node(
        poisoned: error
          ?? ModelError(
            .shape,
            "an image of shape [height, width, channels] and a size are needed, received \(shape) and [\(height), \(width)]"),
        shape: shape)
    }
    var y = self
    // First along the axis that shrinks more: less is left for the other one.
    let rowsFirst = height * shape[1] <= width * shape[0]
    for axis in rowsFirst ? [0, 1] : [1, 0] {
      let length = axis == 0 ? height : width
      if y.shape[axis] != length { y = Node(ResamplingOp(axis: axis, length: length, method: method, antialias: antialias), [y]) }
    }
    return y
  }

  /// Random numbers, new ones for each sample in each step, spread evenly over `range`.
  ///
  /// - Parameters:
  ///   - key: what tells them from other random numbers, for example a layer's `weights.randomKey`.
  ///   - seed: what they follow from, if not from the model's seed.
  public func randomUniform(_ range: ClosedRange<Float>, shape: Shape = [], key: UInt32, seed: UInt64? = nil) -> Node {
    Node(RandomUniformOp(low: range.lowerBound, high: range.upperBound, dimensions: shape, key: key, seed: seed), [self])
  }

  /// `trained` while training, this in inference. Only the one that is needed is computed.
  public func whileTraining(_ trained: Node) -> Node { Node(ModeOp(), [trained, self]) }
}
