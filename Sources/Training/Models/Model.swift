import DeepSwiftEngine
import DeepSwiftLayers

/// Layers, how they are connected, and their weights: what is trained, and what predicts.
///
/// ```swift
/// let x = Input(shape: [28, 28])
/// let y = Dense(10, activation: .softmax)(Flatten()(x))
/// let model = Model(inputs: x, outputs: y)
/// ```
/// A model has identity: training changes it, and used as a layer in several places it shares its weights.
open class Model: MergingLayer {
  /// The name given; as a layer without one it is called `functional` or `sequential`.
  public let name: String?
  /// The record of the last `fit`.
  public internal(set) var history: History?

  /// How the layers are connected; `nil` while a `Sequential` does not know its input.
  var structure: Structure? { didSet { adoptLayers() } }
  /// Why there is no structure, if a fault is why.
  var fault: ModelError?
  /// Blocks of weights of this model's own layers.
  var stores: [ParameterStore] = []
  /// The seed of the first weights, of dropout and of shuffling; drawn when the first weights are made.
  package var seed: UInt64?
  /// What `compile` set up.
  package var compilation: Compilation?
  /// Programs by what they are for; planned when they are needed.
  var programs: [ProgramKind: PlannedProgram] = [:] { didSet { if programs.isEmpty { predictionDoor = nil } } }
  /// What checks data for predictions, while there is a program that was planned for them.
  var predictionDoor: DataCheck?
  /// How programs are planned, but for what follows from the call. For tests and measurements.
  package var programSettings = ProgramSettings() {
    didSet { programs = [:] }
  }
  /// The program of the last training step, for measurements.
  package var trainingProgram: Program? { programs[.training]?.program }
  /// The model's own switch; those of its layers are theirs.
  package var isTrainable = true

  /// A model of nodes: from some inputs to some outputs.
  ///
  /// A graph that is not connected, or a shape that does not fit, is thrown by `compile` and by every call that computes.
  public init(inputs: [Node], outputs: [Node], name: String? = nil) {
    self.name = name
    do {
      structure = try Structure(inputs: inputs, outputs: outputs, includesInputs: true)
    } catch {
      fault = error as? ModelError ?? ModelError(.argument, "\(error)")
    }
    adoptLayers()
  }

  /// A model of nodes with one input, one output, or both.
  public convenience init(inputs: Node, outputs: Node, name: String? = nil) {
    self.init(inputs: [inputs], outputs: [outputs], name: name)
  }

  /// A model of nodes with one input, one output, or both.
  public convenience init(inputs: [Node], outputs: Node, name: String? = nil) {
    self.init(inputs: inputs, outputs: [outputs], name: name)
  }

  /// A model of nodes with one input, one output, or both.
  public convenience init(inputs: Node, outputs: [Node], name: String? = nil) {
    self.init(inputs: [inputs], outputs: outputs, name: name)
  }

  /// A model of plain data; its weights get new first values.
  package init(_ architecture: Architecture) throws {
    name = architecture.name
    structure = try Structure(architecture)
    adoptLayers()
  }

  /// For a `Sequential`, which finds its structure later.
  init(name: String?) { self.name = name }

  /// Reads the architecture; the weights get new first values.
  public required init(from decoder: any Decoder) throws {
    let architecture = try Architecture(from: decoder)
    name = architecture.name
    structure = try Structure(architecture)
    adoptLayers()
  }

  private func adoptLayers() { layers.forEach { $0.owner = self } }

  /// Writes the architecture, without weights.
  public func encode(to encoder: any Encoder) throws {
    if let fault { throw fault }
    try structure?.architecture(name: name).encode(to: encoder)
  }

  // MARK: Layers

  /// The model's layers, the ones next to the inputs first.
  public var layers: [LayerHandle] { structure?.layers ?? [] }

  /// The layer of that name.
  public func layer(named name: String) throws -> LayerHandle {
    guard let layer = layers.first(where: { $0.name == name }) else {
      throw ModelError(
        .name, "no layer is called \"\(name)\". The layers are \(layers.map { "\"\($0.name)\"" }.joined(separator: ", ")).")
    }
    return layer
  }

  /// Whether training changes the model's weights. Setting it sets every layer; a change takes effect at the next `compile`.
  public var trainable: Bool {
    get { isTrainable }
    set {
      isTrainable = newValue
      layers.forEach { $0.trainable = newValue }
    }
  }

  // MARK: As a layer

  /// The output of the model where it stands as a layer in another one.
  public func forward(_ inputs: [Node], _ weights: Weights) -> Node {
    let all = outputs(for: inputs, weights)
    guard all.count == 1 else {
      return Node(
        poisoned: ModelError(
          .shape, "a model with \(all.count) outputs stands where one is needed; call it as model.outputs(x) instead"))
    }
    return all[0]
  }

  /// The nodes of all outputs when the model is used as a layer of another.
  public func outputs(_ inputs: [Node]) -> [Node] {
    let count = structure?.outputs.count ?? 1
    return (0..<count).map { Node(LayerCall(self, output: $0), inputs) }
  }

  /// Makes the structure for inputs of these shapes, if it depends on them.
  func connect(_ shapes: [Shape]) throws {
    if let fault { throw fault }
  }
}

extension Model: MultipleOutputs {
  package var outputCount: Int { structure?.outputs.count ?? 1 }

  package func outputs(for inputs: [Node], _ weights: Weights) -> [Node] {
    do {
      if structure == nil { try connect(inputs.map(\.shape)) }
    } catch {
      return [Node(poisoned: error as? ModelError ?? ModelError(.argument, "\(error)"))]
    }
    guard let structure else { return [Node(poisoned: fault ?? ModelError(.notReady, "the model has no layers"))] }
    return structure.expand(inputs, weights.trace, isTrainable: weights.isTrainable)
  }
}

extension Model {
  /// The model written out. Weights that were never used before get a place in their layer, but no values yet.
  func expression() throws -> Expression {
    if let fault { throw fault }
    guard let structure else {
      throw ModelError(
        .notReady,
        "the model does not know the shape of its input yet. Begin it with Input(shape:), or call fit, evaluate or "
          + "predict with data first.")
    }
    let before = ownParameterCounts()
    let trace = Trace()
    let outputs = structure.expand(structure.inputs, trace, isTrainable: true)
    if let error = (outputs + trace.penalties + trace.activityPenalties).lazy.compactMap(\.error).first {
      forgetParameters(before)
      throw error
    }
    return Expression(
      inputs: structure.inputs, outputs: outputs, penalties: trace.penalties, activityPenalties: trace.activityPenalties,
      parameters: trace.parameters, origins: trace.origins)
  }

  /// Makes the weights that have no values yet, of this model's layers and of the models among them.
  func makeWeights() {
    var newcomers: [Parameter] = []
    for layer in layers {
      if let model = layer.layer as? Model {
        model.makeWeights()
      } else {
        newcomers += layer.scope.parameters.filter { !$0.hasValues }
      }
    }
    // Dropout and shuffling need it too, where all weights belong to the models among the layers.
    let seed = seed ?? RandomSource.nextSeed()
    self.seed = seed
    guard !newcomers.isEmpty else { return }
    stores.append(ParameterStore(newcomers, seed: seed))
  }

  /// The model written out, with weights that have values.
  package func built() throws -> Expression {
    let expression = try expression()
    makeWeights()
    return expression
  }

  private func ownParameterCounts() -> [ObjectIdentifier: Int] {
    var counts: [ObjectIdentifier: Int] = [:]
    for layer in layers {
      if let model = layer.layer as? Model { counts.merge(model.ownParameterCounts()) { $1 } }
      counts[ObjectIdentifier(layer.scope)] = layer.scope.parameters.count
    }
    return counts
  }

  private func forgetParameters(_ counts: [ObjectIdentifier: Int]) {
    for layer in layers {
      (layer.layer as? Model)?.forgetParameters(counts)
      if let count = counts[ObjectIdentifier(layer.scope)] { layer.scope.forgetParameters(after: count) }
    }
  }
}
