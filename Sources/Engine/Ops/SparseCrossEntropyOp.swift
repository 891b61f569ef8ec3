import DeepSwiftKernels

/// `-log` of the probability that a label was given: inputs `[scores, probabilities, labels]`.
///
/// `scores` are logits z, `probabilities` their softmax. The gradient goes to the scores alone, as softmax and logarithm
/// together have the simple one `p - one at the label`; it stays exact where a probability is too small to be told from 0.
/// The value is Keras': of logits exact, of probabilities clipped to 1e-7 and more.
struct SparseCrossEntropyOp: Op {
  let isFromLogits: Bool

  func shape(_ inputs: [Shape]) throws -> Shape {
    let (scores, labels) = (inputs[0], inputs[2])
    let places = Shape(scores.dimensions.dropLast().map { $0 })
    guard scores.rank > 0, labels == places || labels == Shape(places.dimensions + [1]) else {
      throw ModelError(
        .labels,
        "labels of shape \(labels) do not fit predictions of shape \(scores): one whole number for each \(scores.last) scores "
          + "is needed, shape \(places). For one-hot targets use .categoricalCrossentropy.")
    }
    return places
  }

  func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (z, p, labels, losses) = (site.inputs[0], site.inputs[1], site.inputs[2], site.output)
    let classes = site.node.inputs[0].shape.last, lines = site.node.count, isFromLogits = isFromLogits
    plan.each(site, "cross-entropy", reads: [z, p, labels], writes: [losses]) { chunk in
      if isFromLogits {
        kernels.sparse_cross_entropy_logits(chunk.rows * lines, classes, chunk[z], chunk[labels], chunk[losses])
      } else {
        kernels.sparse_cross_entropy(chunk.rows * lines, classes, chunk[p], chunk[labels], chunk[losses])
      }
    }
    return []
  }

  /// dz = (p - one at the label) dloss
  func backward(_ site: Site, _ plan: inout Plan) {
    let (p, labels, dy) = (site.inputs[1], site.inputs[2], site.outputGradient)
    let classes = site.node.inputs[0].shape.last, lines = site.node.count
    if let dz = site.inputGradients[0] {
      plan.each(site, "cross-entropy dz", reads: [p, labels, dy], writes: [dz]) { chunk in
        kernels.sparse_cross_entropy_backward(
          chunk.rows * lines, classes, chunk[p], chunk[labels], chunk[dy], chunk[dz])
      }
    }
    for other in 1...2 {
      guard let d = site.inputGradients[other] else { continue }
      let count = site.node.inputs[other].count
      plan.each(site, "cross-entropy d\(other)", reads: [], writes: [d]) { chunk in
        chunk[d].update(repeating: 0, count: chunk.rows * count)
      }
    }
  }
}

extension Node {
  /// The logits that this is a softmax of, if it is one.
  private var logits: Node? { op is SoftmaxOp ? inputs[0] : nil }

  /// `-log p[label]` for class numbers, along the last axis.
  ///
  /// Probabilities that are no softmax are made to sum to 1 and clipped, as in Keras.
  public func sparseCrossEntropy(labels: Node, fromLogits: Bool) -> Node {
    // The op reads scores and labels row by row; where one of them is the same for all samples, the formula below serves.
    let isPlain = isPerSample == labels.isPerSample
    if fromLogits && isPlain { return Node(SparseCrossEntropyOp(isFromLogits: true), [self, softmax(self), labels]) }
    if let logits, isPlain { return Node(SparseCrossEntropyOp(isFromLogits: false), [logits, self, stopGradient(labels)]) }
    guard shape.rank > 0 else {
      return Node(poisoned: error ?? ModelError(.labels, "predictions are single numbers, without an axis of classes"))
    }
    let places = Shape(shape.dimensions.dropLast().map { $0 })
    guard labels.shape == places || labels.shape == Shape(places.dimensions + [1]) else {
      return Node(SparseCrossEntropyOp(isFromLogits: false), [self, self, labels])
    }
    return labels.reshaped(places).oneHot(classes: shape.last).crossEntropy(of: self, fromLogits: fromLogits)
  }

  /// `-Σ target · log p` along the last axis, with this as the target.
  public func crossEntropy(of prediction: Node, fromLogits: Bool) -> Node {
    guard shape == prediction.shape, shape.rank > 0 else {
      return Node(
        poisoned: error ?? prediction.error
          ?? ModelError(
            .labels,
            "targets of shape \(shape) do not fit predictions of shape \(prediction.shape): one-hot targets have the shape of "
              + "the predictions. For class numbers use .sparseCategoricalCrossentropy."))
    }
    if fromLogits { return -(self * logSoftmax(prediction)).sum(axis: -1) }
    // A softmax sums to 1 already, and its logarithm is exact where it is taken before the softmax.
    if let logits = prediction.logits {
      let value = -(self * log(clip(prediction, 1e-7, 1 - 1e-7))).sum(axis: -1)
      let smooth = -(self * logSoftmax(logits)).sum(axis: -1)
      return smooth + stopGradient(value - smooth)
    }
    let p = prediction / prediction.sum(axis: -1, keepDimensions: true)
    return -(self * log(clip(p, 1e-7, 1 - 1e-7))).sum(axis: -1)
  }

  /// `-(t log p + (1 - t) log(1 - p))` for each element, with this as the target.
  public func binaryCrossEntropy(of prediction: Node, fromLogits: Bool) -> Node {
    // max(z, 0) - z t + log(1 + exp(-|z|)) is the same without overflow.
    func ofLogits(_ z: Node) -> Node { maximum(z, 0) - z * self + softplus(-abs(z)) }
    if fromLogits { return ofLogits(prediction) }
    let p = clip(prediction, 1e-7, 1 - 1e-7)
    let value = -(self * log(p) + (1 - self) * log(1 - p))
    guard let function = prediction.op as? UnaryOp, function.function == .sigmoid else { return value }
    let smooth = ofLogits(prediction.inputs[0])
    return smooth + stopGradient(value - smooth)
  }
}
