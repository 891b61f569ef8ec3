// The operations that layers are made of.

extension Node {
  /// The matrix product. A weight of shape [inputs, outputs] maps the last axis; two samples are multiplied as matrices,
  /// with leading axes matched by broadcasting.
  public func matmul(_ other: Node) -> Node {
    // A vector times a matrix, or any shape times a weight, is a dense layer.
    if !other.isPerSample && other.shape.rank == 2 && (isPerSample || shape.rank <= 1) {
      return Node(DenseProductOp(), [self, other])
    }
    return Node(MatrixProductOp(), [self, other])
  }

  /// `Σ kernel · x` over windows of an image [height, width, channels]; kernel [height, width, channels / groups, filters].
  public func convolved(
    _ kernel: Node, strides: (Int, Int) = (1, 1), padding: Padding = .valid, dilation: (Int, Int) = (1, 1), groups: Int = 1
  ) -> Node {
    Node(
      ConvolutionOp(
        strides: [strides.0, strides.1], padding: padding, dilation: [dilation.0, dilation.1], groups: groups),
      [self, kernel.sharedBySamples("kernel")])
  }

  /// Each channel with kernels of its own; kernel [height, width, channels, multiplier].
  public func depthwiseConvolved(
    _ kernel: Node, strides: (Int, Int) = (1, 1), padding: Padding = .valid, dilation: (Int, Int) = (1, 1)
  ) -> Node {
    Node(
      DepthwiseConvolutionOp(strides: [strides.0, strides.1], padding: padding, dilation: [dilation.0, dilation.1]),
      [self, kernel.sharedBySamples("kernel")])
  }

  /// The largest element of each window of an image.
  public func maxPooled(_ size: (Int, Int), strides: (Int, Int)? = nil, padding: Padding = .valid) -> Node {
    let strides = strides ?? size
    return Node(
      MaxPoolingOp(window: PoolingWindow(size: [size.0, size.1], strides: [strides.0, strides.1], padding: padding)), [self])
  }

  /// The mean of each window of an image; padding does not count.
  public func averagePooled(_ size: (Int, Int), strides: (Int, Int)? = nil, padding: Padding = .valid) -> Node {
    let strides = strides ?? size
    return Node(
      AveragePoolingOp(window: PoolingWindow(size: [size.0, size.1], strides: [strides.0, strides.1], padding: padding)),
      [self])
  }

  /// An image enlarged by whole factors.
  public func upsampled(_ factors: (Int, Int), bilinear: Bool = false) -> Node {
    Node(UpsamplingOp(factors: [factors.0, factors.1], isBilinear: bilinear), [self])
  }

  /// `(x - mean) / sqrt(variance + epsilon) · gamma + beta`, with statistics of the whole batch for each place along the
  /// last axis. Training moves `movingMean` and `movingVariance` toward them; inference, and a frozen layer, use those.
  public func batchNormalized(
    gamma: Node, beta: Node, movingMean: Node, movingVariance: Node, momentum: Float, epsilon: Float, isFrozen: Bool
  ) -> Node {
    if isFrozen {
      let scale = gamma / sqrt(movingVariance + epsilon)
      return self * scale + (beta - movingMean * scale)
    }
    return Node(
      BatchNormalizationOp(momentum: momentum, epsilon: epsilon),
      [
        self, gamma.sharedBySamples("gamma"), beta.sharedBySamples("beta"), movingMean.sharedBySamples("movingMean"),
        movingVariance.sharedBySamples("movingVariance"),
      ])
  }

  /// `(x - mean) / sqrt(variance + epsilon) · gamma + beta` along the last axis, sample by sample.
  public func layerNormalized(gamma: Node, beta: Node, epsilon: Float) -> Node {
    guard gamma.isPerSample || beta.isPerSample else { return Node(LayerNormalizationOp(epsilon: epsilon), [self, gamma, beta]) }
    let centered = self - mean(axis: -1, keepDimensions: true)
    return centered / sqrt(square(centered).mean(axis: -1, keepDimensions: true) + epsilon) * gamma + beta
  }

  /// While training, sets a share of the elements to zero and multiplies the others by `1 / (1 - rate)`.
  ///
  /// - Parameters:
  ///   - noiseShape: the shape of what decides, the batch first: all places along an axis of 1 go or stay together. `nil`
  ///     stands for the length that the axis has.
  ///   - key: tells one dropout from another, so that they drop different elements; by default its place in the model.
  ///   - seed: makes the elements independent of the model's own seed.
  public func droppedOut(_ rate: Float, noiseShape: [Int?]? = nil, key: UInt32? = nil, seed: UInt64? = nil) -> Node {
    Node(DropoutOp(rate: rate, key: key, seed: seed, noiseShape: noiseShape), [self])
  }

  /// This, or a fault if it differs from sample to sample: an operation reads it once for all of them.
  func sharedBySamples(_ name: String) -> Node {
    guard isPerSample, error == nil else { return self }
    return Node(poisoned: ModelError(.shape, "the \(name) is computed from samples; it must be the same for all of them"))
  }

  /// `l1 · Σ|w| + l2 · Σw²`
  public func penalty(l1: Float, l2: Float) -> Node { Node(PenaltyOp(l1: l1, l2: l2), [self]) }
}
