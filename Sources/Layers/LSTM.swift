import DeepSwiftEngine

/// Long short-term memory: a state `h` and a cell `c` that go through the steps of a sequence.
///
/// ```swift
/// // [80, 32] becomes [64]
/// LSTM(64)
/// // [80, 32] becomes [80, 64], for another LSTM behind it
/// LSTM(64, returnSequences: true)
/// ```
///     [i f g o] = [x h] · [kernel; recurrent_kernel] + bias
///     c ← recurrentActivation(f) · c + recurrentActivation(i) · activation(g)
///     h ← recurrentActivation(o) · activation(c)
///
/// Input `[steps, features]`, and perhaps initial states `h` and `c`, `[units]` each. Output `[units]`, the last `h`, or with
/// `returnSequences` all of them, `[steps, units]`, in the order in which they were computed.
/// Weights: `kernel [features, 4 · units]`, `recurrent_kernel [units, 4 · units]`, `bias [4 · units]`, gates in the order above.
public struct LSTM: MergingLayer {
  public var name: String?
  /// The length of the state, and of the output.
  public var units: Int
  /// What is applied to candidates and to the state.
  public var activation: ActivationFunction
  /// What is applied to the gates.
  public var recurrentActivation: ActivationFunction
  /// Whether a bias is added.
  public var useBias: Bool
  /// The first values of the kernel.
  @Coded public var kernelInitializer: any Initializer
  /// The first values of the recurrent kernel.
  @Coded public var recurrentInitializer: any Initializer
  /// The first values of the bias.
  @Coded public var biasInitializer: any Initializer
  /// Whether the bias of the forget gate begins with 1.
  public var unitForgetBias: Bool
  /// What the kernel adds to the loss.
  @Coded public var kernelRegularizer: (any Regularizer)?
  /// What the recurrent kernel adds to the loss.
  @Coded public var recurrentRegularizer: (any Regularizer)?
  /// What the bias adds to the loss.
  @Coded public var biasRegularizer: (any Regularizer)?
  /// What the output adds to the loss.
  @Coded public var activityRegularizer: (any Regularizer)?
  /// The share of inputs that are set to 0 while training.
  public var dropout: Float
  /// The share of the state that is set to 0 while training.
  public var recurrentDropout: Float
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?
  /// Whether the output has all steps, or the last one only.
  public var returnSequences: Bool
  /// Whether the last states come out beside the output.
  public var returnState: Bool
  /// Whether the steps are gone through from the last to the first.
  public var goBackwards: Bool

  /// - Parameters:
  ///   - unitForgetBias: whether the forget gate's bias begins with ones.
  ///   - dropout: which share of the features is set to zero while training, the same ones at all steps.
  ///   - recurrentDropout: the same for the state.
  ///   - returnState: whether `outputs(of:)` is meant to be used; alone it changes nothing.
  ///   - goBackwards: from the last step to the first.
  public init(
    _ units: Int, activation: ActivationFunction = .tanh, recurrentActivation: ActivationFunction = .sigmoid,
    useBias: Bool = true, kernelInitializer: any Initializer = .glorotUniform,
    recurrentInitializer: any Initializer = .orthogonal, biasInitializer: any Initializer = .zeros,
    unitForgetBias: Bool = true, kernelRegularizer: (any Regularizer)? = nil,
    recurrentRegularizer: (any Regularizer)? = nil, biasRegularizer: (any Regularizer)? = nil,
    activityRegularizer: (any Regularizer)? = nil, dropout: Float = 0, recurrentDropout: Float = 0, seed: UInt64? = nil,
    returnSequences: Bool = false, returnState: Bool = false, goBackwards: Bool = false, name: String? = nil
  ) {
    self.name = name
    self.units = units
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
    self.recurrentInitializer = recurrentInitializer
    self.biasInitializer = biasInitializer
    self.unitForgetBias = unitForgetBias
    self.kernelRegularizer = kernelRegularizer
    self.recurrentRegularizer = recurrentRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.dropout = dropout
    self.recurrentDropout = recurrentDropout
    self.seed = seed
    self.returnSequences = returnSequences
    self.returnState = returnState
    self.goBackwards = goBackwards
  }

  public func forward(_ inputs: [Node], _ weights: Weights) -> Node { outputs(for: inputs, weights)[0] }

  /// The layer's place in a functional model, starting from states of another one.
  public func callAsFunction(_ x: Node, initialState: [Node]) -> Node { self([x] + initialState) }

  /// The layer's place in a functional model with all that it gives: the output, and `h` and `c` after the last step.
  public func outputs(of x: Node, initialState: [Node] = []) -> (output: Node, h: Node, c: Node) {
    final class Use {}
    var layer = self
    layer.returnState = true
    let use = Use(), nodes = (0..<3).map { Node(LayerCall(layer, identity: use, output: $0), [x] + initialState) }
    return (nodes[0], nodes[1], nodes[2])
  }
}

extension LSTM: MultipleOutputs {
  package var outputCount: Int { returnState ? 3 : 1 }

  /// The output, and with `returnState` also `h` and `c` after the last step.
  package func outputs(for inputs: [Node], _ weights: Weights) -> [Node] {
    let x = inputs[0], count = returnState ? 3 : 1
    if let fault = fault(in: inputs) { return Array(repeating: x.poisoned(fault), count: count) }
    let kernel = weights("kernel", [x.shape[1], 4 * units], kernelInitializer, regularizer: kernelRegularizer)
    let recurrent = weights("recurrent_kernel", [units, 4 * units], recurrentInitializer, regularizer: recurrentRegularizer)
    let start: any Initializer = unitForgetBias ? ForgetBias(others: biasInitializer) : biasInitializer
    let bias = useBias ? weights("bias", [4 * units], start, regularizer: biasRegularizer) : nil
    // The same features go at all steps.
    let thinned = dropout == 0 ? x : x.droppedOut(dropout, noiseShape: [nil, 1, nil], key: weights.randomKey, seed: seed)
    let state = inputs.count == 3 ? (h: inputs[1], c: inputs[2]) : nil

    // With all states in hand, the others are parts of them.
    let isUsual = activation.name == "tanh" && recurrentActivation.name == "sigmoid" && recurrentDropout == 0
    guard isUsual else { return unrolled(thinned, kernel, recurrent, bias, state, weights) }
    let kind: LSTMOutput = returnState ? .sequenceAndCell : returnSequences ? .sequence : .last
    let y = thinned.lstm(
      kernel: kernel, recurrent: recurrent, bias: bias, initialState: state, output: kind, goesBackwards: goBackwards)
    guard returnState, y.error == nil else {
      return Array(repeating: y.regularized(by: activityRegularizer, weights), count: count)
    }
    let steps = x.shape[0], h = y.at(steps - 1)
    return [(returnSequences ? y[0..<steps] : h).regularized(by: activityRegularizer, weights), h, y.at(steps)]
  }

  /// Step by step as an expression, for any functions. Memory grows with the square of the number of steps, since each step
  /// has a gradient toward all of the sequence.
  private func unrolled(
    _ x: Node, _ kernel: Node, _ recurrent: Node, _ bias: Node?, _ start: (h: Node, c: Node)?, _ weights: Weights
  ) -> [Node] {
    let product = x.matmul(kernel), sums = bias.map { product + $0 } ?? product, steps = x.shape[0]
    let mask = recurrentDropout == 0 ? nil : recurrentMask(x, weights)
    var (h, c) = (start?.h, start?.c), states: [Node] = []
    for step in 0..<steps {
      var gates = sums.at(goBackwards ? steps - 1 - step : step)
      if let h { gates = gates + (mask.map { h * $0 } ?? h).matmul(recurrent) }
      func gate(_ index: Int) -> Node { gates[index * units..<(index + 1) * units] }
      let added = recurrentActivation(gate(0)) * activation(gate(2))
      let cell = c.map { recurrentActivation(gate(1)) * $0 + added } ?? added
      let state = recurrentActivation(gate(3)) * activation(cell)
      states.append(state)
      (h, c) = (state, cell)
    }
    guard let h, let c else { return [x] }
    let all = returnSequences ? concatenate(states.map { $0.expandedDimensions(axis: 0) }, axis: 0) : h
    return [all.regularized(by: activityRegularizer, weights)] + (returnState ? [h, c] : [])
  }

  /// Ones for each sample, of which some have dropped out.
  private func recurrentMask(_ x: Node, _ weights: Weights) -> Node {
    let number = x.at(0).at(0), one = (number .!= number) .< 2
    return (one + Node(Tensor.zeros([units]))).droppedOut(recurrentDropout, key: weights.randomKey &+ 1, seed: seed)
  }

  private func fault(in inputs: [Node]) -> String? {
    if inputs[0].shape.rank != 2 {
      return "expects sequences, samples of shape [steps, features], received samples of shape \(inputs[0].shape)"
    }
    if units < 1 { return "needs at least one unit, has \(units)" }
    if inputs.count != 1, inputs.count != 3 {
      return "takes a sequence, or a sequence and the initial states h and c, received \(inputs.count) inputs"
    }
    if let state = inputs.dropFirst().first(where: { $0.shape != [units] }) {
      return "has states of shape \([units] as Shape), received an initial state of shape \(state.shape)"
    }
    return nil
  }
}

/// The biases of the four gates of an LSTM: ones for the forget gate, so that it starts by remembering.
struct ForgetBias: Initializer {
  @Coded var others: any Initializer

  func values(shape: Shape, random: RandomSource) -> [Float] {
    let units = shape.count / 4
    return others.values(shape: [units], random: random) + Array(repeating: 1, count: units)
      + others.values(shape: [2 * units], random: random)
  }
}
