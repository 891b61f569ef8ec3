import DeepSwiftEngine

/// Attention in several heads: each query takes the mean of all values, weighted by how well their keys fit it.
///
///     y = Σ over heads of softmax(q kᵀ / √keyDim) v · output kernel + bias,  q = query · query kernel + bias, k and v alike
///
/// Inputs `[query, value]` or `[query, value, key]` of shapes `[queries, features]` and `[keys, features]`; without a key the
/// values are also the keys. Output `[queries, features of the query]`, or `[queries, outputShape…]`.
/// Weights: `query/kernel [features, heads, keyDim]`, `query/bias [heads, keyDim]`, `key/…` alike, `value/…` with `valueDim`,
/// `attention_output/kernel [heads, valueDim, features]`, `attention_output/bias [features]`.
///
/// ```swift
/// let y = MultiHeadAttention(numHeads: 4, keyDim: 32)(x, x)
/// ```
public struct MultiHeadAttention: MergingLayer {
  public var name: String?
  /// How many attentions look side by side.
  public var numHeads: Int
  /// The length of each query and key.
  public var keyDim: Int
  /// The length of each value; as the keys if `nil`.
  public var valueDim: Int?
  /// The share of attention weights that are set to 0 while training.
  public var dropout: Float
  /// Whether biases are added.
  public var useBias: Bool
  /// The shape of the output; as the query if `nil`.
  public var outputShape: Shape?
  /// The first values of all kernels.
  @Coded public var kernelInitializer: any Initializer
  /// The first values of all biases.
  @Coded public var biasInitializer: any Initializer
  /// What the kernels add to the loss.
  @Coded public var kernelRegularizer: (any Regularizer)?
  /// What the biases add to the loss.
  @Coded public var biasRegularizer: (any Regularizer)?
  /// What the output adds to the loss.
  @Coded public var activityRegularizer: (any Regularizer)?
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?
  /// Whether query `i` sees keys `0...i` only.
  public var useCausalMask = false
  /// Whether the last input is a mask: `[queries, keys]`, or of a shape that broadcasting makes that.
  public package(set) var takesMask = false

  /// - Parameters:
  ///   - valueDim: by default as `keyDim`.
  ///   - dropout: which share of the weights of the values is set to zero while training.
  ///   - outputShape: by default the features of the query.
  public init(
    numHeads: Int, keyDim: Int, valueDim: Int? = nil, dropout: Float = 0, useBias: Bool = true, outputShape: Shape? = nil,
    kernelInitializer: any Initializer = .glorotUniform, biasInitializer: any Initializer = .zeros,
    kernelRegularizer: (any Regularizer)? = nil, biasRegularizer: (any Regularizer)? = nil,
    activityRegularizer: (any Regularizer)? = nil, seed: UInt64? = nil, name: String? = nil
  ) {
    self.name = name
    self.numHeads = numHeads
    self.keyDim = keyDim
    self.valueDim = valueDim
    self.dropout = dropout
    self.useBias = useBias
    self.outputShape = outputShape
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    self.kernelRegularizer = kernelRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.seed = seed
  }

  /// The layer's place in a functional model.
  ///
  /// - Parameters:
  ///   - key: by default the value.
  ///   - attentionMask: 0 where a query must not see a key. A query that may see none gets zeros.
  ///   - useCausalMask: whether query `i` sees keys `0...i` only.
  public func callAsFunction(
    _ query: Node, _ value: Node, _ key: Node? = nil, attentionMask: Node? = nil, useCausalMask: Bool = false
  ) -> Node {
    var layer = self
    layer.useCausalMask = useCausalMask || self.useCausalMask
    layer.takesMask = attentionMask != nil
    return layer([query, value] + [key, attentionMask].compactMap { $0 })
  }

  public func forward(_ inputs: [Node], _ weights: Weights) -> Node {
    if let fault = fault(in: inputs) { return inputs[0].poisoned(fault) }
    let (query, value) = (inputs[0], inputs[1]), key = inputs.count - (takesMask ? 1 : 0) > 2 ? inputs[2] : value
    let valueDim = valueDim ?? keyDim
    func projected(_ x: Node, _ part: String, _ size: Int) -> Node {
      product(
        x, kernel: weight("\(part)/kernel", [x.shape[1], numHeads, size], from: 1, weights), from: 1,
        bias: useBias ? bias("\(part)/bias", [numHeads, size], weights) : nil)
    }
    let q = projected(query, "query", keyDim), k = projected(key, "key", keyDim), v = projected(value, "value", valueDim)
    let features = outputShape ?? [query.shape[1]]
    let kernel = weight("attention_output/kernel", Shape([numHeads, valueDim] + features.dimensions), from: 2, weights)
    let shift = useBias ? bias("attention_output/bias", features, weights) : nil
    let scores: Shape = [query.shape[0], key.shape[0]]
    let mask = takesMask ? inputs.last.map { $0.shape == scores ? $0 : $0 + Node(Tensor.zeros(scores)) } : nil
    let heads = attention(
      query: q, key: k, value: v, heads: numHeads, mask: mask, isCausal: useCausalMask, dropout: dropout,
      dropoutKey: weights.randomKey, seed: seed)
    let y = product(heads, kernel: kernel, from: 2, bias: shift)
    return (features.rank == 1 ? y : y.reshaped(Shape([query.shape[0]] + features.dimensions)))
      .regularized(by: activityRegularizer, weights)
  }

  /// `x · kernel + bias` with the kernel's first axes seen as one, and the others too.
  private func product(_ x: Node, kernel: Node, from axes: Int, bias: Node?) -> Node {
    let inputs = kernel.shape.dimensions.prefix(axes).reduce(1, *)
    let y = x.matmul(kernel.reshaped([inputs, kernel.count / max(inputs, 1)]))
    return bias.map { y + $0.flattened() } ?? y
  }

  /// - Parameter axes: how many of the first axes count as inputs of each number that comes out.
  private func weight(_ name: String, _ shape: Shape, from axes: Int, _ weights: Weights) -> Node {
    weights(
      name, shape, MatrixInitializer(rowAxes: axes, values: kernelInitializer), regularizer: kernelRegularizer)
  }

  private func bias(_ name: String, _ shape: Shape, _ weights: Weights) -> Node {
    weights(name, shape, biasInitializer, regularizer: biasRegularizer)
  }

  private func fault(in inputs: [Node]) -> String? {
    let expected = takesMask ? 3...4 : 2...3
    guard expected.contains(inputs.count) else {
      return "takes query and value, and perhaps a key\(takesMask ? ", and then a mask" : ""); received \(inputs.count) inputs"
    }
    let operands = inputs.dropLast(takesMask ? 1 : 0)
    if let odd = operands.first(where: { $0.shape.rank != 2 }) {
      return "expects sequences, samples of shape [steps, features], received samples of shape \(odd.shape)"
    }
    guard numHeads > 0, keyDim > 0, valueDim ?? 1 > 0 else {
      return "needs heads and dimensions of at least 1, has \(numHeads) heads of \(keyDim) and \(valueDim ?? keyDim)"
    }
    if operands.count > 2, inputs[2].shape[0] != inputs[1].shape[0] {
      return "has \(inputs[1].shape[0]) values and \(inputs[2].shape[0]) keys; each value needs one key"
    }
    return nil
  }
}

/// Initializes a weight of several axes as the matrix that it is used as.
struct MatrixInitializer: Initializer {
  let rowAxes: Int
  @Coded var values: any Initializer

  func values(shape: Shape, random: RandomSource) -> [Float] {
    let rows = shape.dimensions.prefix(rowAxes).reduce(1, *)
    return values.values(shape: [rows, shape.count / max(rows, 1)], random: random)
  }
}
