import DeepSwiftEngine
import DeepSwiftLayers

/// What `compile` set up: how a model is trained and measured. Made anew by every `compile`.
package final class Compilation {
  package var optimizer: any Optimizer
  /// For each output its loss, `nil` where none is trained.
  package let losses: [(any Loss)?]
  package let lossWeights: [Float]
  /// For each output its metrics, and those that mind sample weights.
  package let metrics, weightedMetrics: [[any Metric]]
  /// The optimizer's numbers; made when training begins.
  package var state: OptimizerState?
  /// The weights that were switched on when the model was compiled; where it did not know its input, when it first trained.
  var trainable: [ObjectIdentifier]?

  init(
    optimizer: any Optimizer, losses: [(any Loss)?], lossWeights: [Float], metrics: [[any Metric]],
    weightedMetrics: [[any Metric]], trainable: [ObjectIdentifier]?
  ) {
    self.optimizer = optimizer
    self.losses = losses
    self.lossWeights = lossWeights
    self.metrics = metrics
    self.weightedMetrics = weightedMetrics
    self.trainable = trainable
  }
}

/// A loss that is written where it is used: `compile(optimizer: .adam) { target, prediction in abs(target - prediction) }`.
private struct LossFormula: Loss {
  let formula: (Node, Node) -> Node
  func callAsFunction(_ target: Node, _ prediction: Node) -> Node { formula(target, prediction) }
}

extension Model {
  /// Says how the model is trained and measured. Weights stay; the optimizer begins anew.
  ///
  /// ```swift
  /// try model.compile(
  ///   optimizer: .adam(learningRate: 0.001),
  ///   loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
  /// ```
  ///
  /// - Parameters:
  ///   - loss: what training makes small, for every output.
  ///   - metrics: what is measured beside it, for every output.
  ///   - weightedMetrics: metrics that mind class and sample weights.
  public func compile(
    optimizer: any Optimizer = .rmsprop, loss: any Loss, metrics: [any Metric] = [], weightedMetrics: [any Metric] = []
  ) throws {
    let count = try checkedOutputNames()?.count ?? 1
    try compile(
      optimizer, losses: Array(repeating: loss, count: count), lossWeights: Array(repeating: 1, count: count),
      metrics: Array(repeating: metrics, count: count), weightedMetrics: Array(repeating: weightedMetrics, count: count))
  }

  /// Says how the model is trained and measured, with a loss written as a formula of target and prediction.
  public func compile(
    optimizer: any Optimizer = .rmsprop, metrics: [any Metric] = [], loss: @escaping (_ target: Node, _ prediction: Node) -> Node
  ) throws {
    try compile(optimizer: optimizer, loss: LossFormula(formula: loss), metrics: metrics)
  }

  /// Says how the model is trained and measured, output by output. An output without a loss is not trained.
  ///
  /// - Parameter lossWeights: how much each loss counts; 1 where none is given.
  public func compile(
    optimizer: any Optimizer = .rmsprop, loss: [String: any Loss], lossWeights: [String: Float] = [:],
    metrics: [String: [any Metric]] = [:], weightedMetrics: [String: [any Metric]] = [:]
  ) throws {
    guard let names = try checkedOutputNames() else {
      throw ModelError(
        .notReady,
        "losses by output need outputs with names, and the model does not know its input yet. Begin it with "
          + "Input(shape:).")
    }
    let given: [(String, [String])] = [
      ("loss", Array(loss.keys)), ("lossWeights", Array(lossWeights.keys)), ("metrics", Array(metrics.keys)),
      ("weightedMetrics", Array(weightedMetrics.keys)),
    ]
    for (argument, keys) in given {
      if let unknown = keys.sorted().first(where: { !names.contains($0) }) {
        throw ModelError(
          .name,
          "\(argument): no output is called \"\(unknown)\". The outputs are "
            + names.map { "\"\($0)\"" }.joined(separator: ", ") + ".")
      }
    }
    guard !loss.isEmpty else { throw ModelError(.argument, "loss: at least one output needs a loss") }
    try compile(
      optimizer, losses: names.map { loss[$0] }, lossWeights: names.map { lossWeights[$0] ?? 1 },
      metrics: names.map { metrics[$0] ?? [] }, weightedMetrics: names.map { weightedMetrics[$0] ?? [] })
  }

  private func checkedOutputNames() throws -> [String]? {
    if let fault { throw fault }
    return structure?.outputNames
  }

  /// Output by output; one output where the model does not know its input yet.
  package func compile(
    _ optimizer: any Optimizer, losses: [(any Loss)?], lossWeights: [Float], metrics: [[any Metric]],
    weightedMetrics: [[any Metric]]
  ) throws {
    // Faults in shapes show here, before anything has changed, if the shapes are known.
    if structure != nil { try checkActivations(built(), losses) }
    programs = [:]
    compilation = Compilation(
      optimizer: optimizer, losses: losses, lossWeights: lossWeights, metrics: metrics, weightedMetrics: weightedMetrics,
      trainable: structure == nil ? nil : trainableParameters.map(\.id))
  }

  /// A cross-entropy that is given logits for probabilities, or probabilities for logits, trains badly and says nothing.
  func checkActivations(_ expression: Expression, _ losses: [(any Loss)?]) throws {
    for (index, loss) in losses.enumerated() {
      guard let loss = loss as? any Crossentropy else { continue }
      let place = "output \"\(structure!.outputNames[index])\"", name = type(of: loss)
      switch expression.outputs[index].lastFunction {
      case .product where !loss.fromLogits:
        throw ModelError(
          .argument, at: place,
          "\(name) expects probabilities, but the last layer has no activation, so its numbers are logits. Give it "
            + "activation: \(loss is BinaryCrossentropy ? ".sigmoid" : ".softmax"), or say \(name)(fromLogits: true).")
      case .softmax where loss.fromLogits, .sigmoid where loss.fromLogits:
        throw ModelError(
          .argument, at: place,
          "\(name)(fromLogits: true) expects logits, but the last layer's activation makes probabilities of them. Leave out "
            + "one of the two.")
      default: break
      }
    }
  }

  /// The optimizer that the model was compiled with; its learning rate may be read and set.
  public var optimizer: OptimizerHandle? { compilation.map { OptimizerHandle(compilation: $0) } }

  /// What `compile` set up, or the error that it is missing.
  func compiled() throws -> Compilation {
    if let fault { throw fault }
    guard let compilation else {
      throw ModelError(
        .notReady,
        "the model is not compiled. Call compile(optimizer:loss:metrics:) first; adding or removing a layer asks for "
          + "it again.")
    }
    return compilation
  }
}

extension Model {
  /// The optimizer's numbers, made when they are first asked for: for all weights that are switched on, as in Keras.
  package func optimizerState() throws -> OptimizerState {
    _ = try built()
    return try optimizerState(of: compiled())
  }

  func optimizerState(of compilation: Compilation) -> OptimizerState {
    let state =
      compilation.state ?? OptimizerState(trainableParameters, slotCount: compilation.optimizer.slotCount)
    compilation.state = state
    return state
  }
}

/// The optimizer of a compiled model.
public final class OptimizerHandle {
  private let compilation: Compilation

  init(compilation: Compilation) { self.compilation = compilation }

  /// The optimizer's settings.
  public var settings: any Optimizer { compilation.optimizer }

  /// Steps taken.
  public var iterations: Int { compilation.state?.iteration ?? 0 }

  /// The optimizer's own numbers; `nil` before the first step.
  package var state: OptimizerState? { compilation.state }

  /// The rate of the next step. Setting it replaces a schedule by this number.
  public var learningRate: Float {
    get { compilation.optimizer.learningRate.rate(at: iterations) }
    set { compilation.optimizer.learningRate = newValue }
  }
}
