import DeepSwiftEngine
import DeepSwiftLayers

/// A model whose layers follow one another.
///
/// ```swift
/// let model = Sequential {
///   Input(shape: [28, 28])
///   Flatten()
///   for units in [300, 100] { Dense(units, activation: .relu) }
///   Dense(10, activation: .softmax)
/// }
/// ```
/// Without an `Input` the model waits for the first data to make its weights.
public final class Sequential: Model {
  private var handles: [LayerHandle] = []
  private var inputLayer: InputLayer?
  private var hasStrayInput = false

  /// A model of the layers in a list.
  public init(_ layers: [any Layer] = [], name: String? = nil) {
    super.init(name: name)
    layers.forEach(append)
    reconnect()
  }

  /// A model of the layers in braces, one per line.
  public convenience init(name: String? = nil, @LayerBuilder _ layers: () -> [any Layer]) {
    self.init(layers(), name: name)
  }

  /// A model of plain data; its weights get new first values.
  package init(name: String?, input: InputLayer?, layers: [Architecture.StoredLayer]) throws {
    super.init(name: name)
    inputLayer = input
    handles = layers.map { $0.handle() }
    reconnect()
    if let fault { throw fault }
  }

  private enum Key: String, CodingKey { case name, input, layers }

  public required init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    super.init(name: try values.decodeIfPresent(String.self, forKey: .name))
    inputLayer = try values.decodeIfPresent(InputLayer.self, forKey: .input)
    handles = try values.decode([Architecture.StoredLayer].self, forKey: .layers).map { $0.handle() }
    reconnect()
  }

  public override func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encodeIfPresent(name, forKey: .name)
    try values.encodeIfPresent(input, forKey: .input)
    try values.encode(handles.map(Architecture.StoredLayer.init), forKey: .layers)
  }

  /// What the model takes, if it knows that.
  package var input: InputLayer? { inputLayer ?? onlyInputShape.map { InputLayer(shape: $0) } }

  public override var layers: [LayerHandle] { handles }

  /// Adds a layer behind the others. What was compiled has to be compiled again.
  public func add(_ layer: any Layer) {
    append(layer)
    reconnect()
  }

  /// Takes the last layer away. What was compiled has to be compiled again.
  public func removeLast() {
    guard !handles.isEmpty else { return }
    handles.removeLast()
    reconnect()
  }

  private func append(_ layer: any Layer) {
    guard let input = layer as? InputLayer else {
      var names = LayerNames(taken: Set(handles.map(\.name)))
      handles.append(LayerHandle(layer, name: names.name(for: layer)))
      return
    }
    if handles.isEmpty && inputLayer == nil { inputLayer = input } else { hasStrayInput = true }
  }

  /// Connects the layers anew if the shape of the input is known.
  private func reconnect() {
    let shape = inputLayer?.shape ?? (handles.first?.layer as? Model)?.onlyInputShape ?? onlyInputShape
    compilation = nil
    programs = [:]
    structure = nil
    fault =
      hasStrayInput
      ? ModelError(.argument, "Input(shape:) stands once, at the head of a Sequential, before all layers") : nil
    guard fault == nil, let shape, !handles.isEmpty else { return }
    do { try connect([shape]) } catch { fault = error as? ModelError }
  }

  override func connect(_ shapes: [Shape]) throws {
    if let fault { throw fault }
    guard !handles.isEmpty else {
      throw ModelError(.notReady, "the model has no layers. Add some: Sequential { Dense(10) }")
    }
    guard shapes.count == 1 else {
      throw ModelError(.shape, "a Sequential takes one input, received \(shapes.count). Use Model(inputs:outputs:).")
    }
    let input = Input(shape: shapes[0], name: inputLayer?.name)
    var known: [ObjectIdentifier: LayerHandle] = [:], x = input
    for handle in handles {
      known[ObjectIdentifier(handle)] = handle
      x = Node(LayerCall(handle.layer, identity: handle), [x])
      if var error = x.error {
        // Drawn without its name, the layer named its type only.
        if error.place == "\(type(of: handle.layer))" { error.place = handle.title }
        throw error
      }
    }
    structure = try Structure(inputs: [input], outputs: [x], known: known, includesInputs: false)
  }
}

extension Model {
  /// The shape of the model's input, if it has one input and knows it.
  var onlyInputShape: Shape? { structure.flatMap { $0.inputs.count == 1 ? $0.inputs[0].shape : nil } }
}
