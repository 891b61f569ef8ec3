/// An op that can rectify its output while it stores it.
protocol AcceptsRectifier: Op {
  var rectifies: Bool { get set }
}

/// An op that can also add one number to each place along the last axis of its output, taken from a further input.
protocol AcceptsBias: AcceptsRectifier {
  var hasBias: Bool { get set }
}

extension AcceptsRectifier {
  func rectified() -> any Op {
    var copy = self
    copy.rectifies = true
    return copy
  }
}

extension AcceptsBias {
  /// `nil` if there is a bias already, or a rectifier that would have to come after it.
  func withBias() -> (any Op)? {
    guard !hasBias, !rectifies else { return nil }
    var copy = self
    copy.hasBias = true
    return copy
  }
}

/// Rewrites an expression into one that computes the same in fewer passes over memory.
///
/// Each rule looks at one node, whose inputs were rewritten before, and gives a better one or nothing. A node that somebody
/// else needs as well is never swallowed.
struct Fusion {
  private var rewritten: [ObjectIdentifier: Node] = [:]
  private var uses: [ObjectIdentifier: Int] = [:]
  private let mode: Mode

  init(_ roots: [Node], mode: Mode = .training) {
    self.mode = mode
    let order = Node.sorted(roots)
    for node in order {
      for input in node.inputs { uses[input.id, default: 0] += 1 }
    }
    for root in roots { uses[root.id, default: 0] += 1 }
    for node in order {
      let inputs = node.inputs.map { rewritten[$0.id]! }
      let same = zip(inputs, node.inputs).allSatisfy { $0 === $1 } ? node : Node(node.op, inputs)
      let better =
        scaleWhileReading(same) ?? addBiasWhileStoring(same) ?? addWhileNormalizing(same) ?? rectifyWhileStoring(same)
        ?? normalizeInWeights(same) ?? same
      rewritten[node.id] = better
      if better !== node { uses[better.id] = uses[node.id] }
    }
  }

  /// What `node` has become.
  subscript(node: Node) -> Node { rewritten[node.id]! }

  private func isUsedOnce(_ node: Node) -> Bool { uses[node.id, default: 0] == 1 }

  /// Data that are scaled are scaled while they are gathered into the batch.
  private func scaleWhileReading(_ node: Node) -> Node? {
    guard let affine = node.op as? AffineOp, let input = node.inputs[0].op as? InputOp, isUsedOnce(node.inputs[0]),
      !input.isScaled
    else { return nil }
    return Node(input.scaled(by: affine.scale, offset: affine.offset))
  }

  /// A product plus one number for each of its columns is a product that starts its sums there.
  private func addBiasWhileStoring(_ node: Node) -> Node? {
    guard let sum = node.op as? BinaryOp, sum.function == .add else { return nil }
    for (product, bias) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])] {
      guard let op = product.op as? any AcceptsBias, isUsedOnce(product), product.isPerSample, !bias.isPerSample,
        bias.shape.rank <= 1, bias.count == product.shape.last, product.shape == node.shape, let better = op.withBias()
      else { continue }
      return Node(better, product.inputs + [bias])
    }
    return nil
  }

  /// What is added to a normalized value, as at the end of a residual block, is added when that is written.
  private func addWhileNormalizing(_ node: Node) -> Node? {
    guard let sum = node.op as? BinaryOp, sum.function == .add, !sum.rectifies, sum.isPlain(node), node.isPerSample else {
      return nil
    }
    for (normalized, added) in [(node.inputs[1], node.inputs[0]), (node.inputs[0], node.inputs[1])] {
      guard var op = normalized.op as? BatchNormalizationOp, !op.rectifies, !op.adds, isUsedOnce(normalized) else { continue }
      op.adds = true
      return Node(op, normalized.inputs + [added])
    }
    return nil
  }

  /// Without statistics of the batch, normalization is a factor and a number for each channel. Both go into the weights of
  /// the product before it; that they are worked out only when weights have changed follows from what they depend on.
  private func normalizeInWeights(_ node: Node) -> Node? {
    guard mode == .inference, let norm = node.op as? BatchNormalizationOp, !norm.adds else { return nil }
    let product = node.inputs[0], statistics = node.inputs.dropFirst()
    guard var op = product.op as? any AcceptsBias, !op.rectifies, isUsedOnce(product), product.isPerSample,
      !product.inputs[1].isPerSample, !statistics.contains(where: \.isPerSample)
    else { return nil }
    let (gamma, beta, mean, variance) = (node.inputs[1], node.inputs[2], node.inputs[3], node.inputs[4])
    let kernel = product.inputs[1]
    let scale = gamma / sqrt(variance + norm.epsilon)
    var shift = beta - mean * scale
    if op.hasBias { shift = shift + product.inputs[2] * scale }
    // A depthwise kernel has its channels in two axes.
    let shape = op is DepthwiseConvolutionOp ? Shape(kernel.shape.dimensions.suffix(2).map { $0 }) : scale.shape
    (op.hasBias, op.rectifies) = (true, norm.rectifies)
    return Node(op, [product.inputs[0], kernel * scale.reshaped(shape), shift])
  }

  private func rectifyWhileStoring(_ node: Node) -> Node? {
    guard let function = node.op as? UnaryOp, function.function == .relu else { return nil }
    let producer = node.inputs[0]
    guard let op = producer.op as? any AcceptsRectifier, isUsedOnce(producer), producer.isPerSample, !op.rectifies else {
      return nil
    }
    return Node(op.rectified(), producer.inputs)
  }
}
