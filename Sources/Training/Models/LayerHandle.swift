import DeepSwiftEngine
import DeepSwiftLayers

/// A layer in its place in a model: the layer is a value, its place has a name, weights, and a switch.
public final class LayerHandle {
  /// The name in `summary()` and in front of the weights' names.
  public package(set) var name: String {
    didSet {
      scope.name = name
      scope.title = title
    }
  }
  /// The layer's settings.
  public let layer: any Layer
  /// The shape of one sample of what comes out; `nil` until the model knows its inputs.
  public package(set) var outputShape: Shape?
  package let scope: Scope
  /// The model that the layer stands in.
  weak var owner: Model?
  private var isTrainable = true

  init(_ layer: any Layer, name: String) {
    self.layer = layer
    self.name = name
    scope = Scope(name: name, title: name)
    scope.title = title
  }

  /// The layer as errors name it: `dense_1 (Dense)`.
  package var title: String { "\(name) (\(typeName))" }

  /// `Dense`; of a layer that is shared, the type inside.
  package var typeName: String {
    if let shared = layer as? Shared { return "\(type(of: shared.layer))" }
    return layer is Model && !(layer is Sequential) ? "Functional" : "\(type(of: layer))"
  }

  /// Whether training changes the layer's weights. A frozen layer also stops collecting statistics. For a model inside a
  /// model this sets all of its layers.
  ///
  /// A change takes effect at the next `compile`.
  public var trainable: Bool {
    get { (layer as? Model)?.trainable ?? isTrainable }
    set {
      if let model = layer as? Model { model.trainable = newValue } else { isTrainable = newValue }
    }
  }

  /// The layers of a model that stands here.
  public var layers: [LayerHandle] { (layer as? Model)?.layers ?? [] }

  /// All weights of the layer, with names inside of the layer: `kernel`, or `dense/kernel` in a model that stands here.
  package var parameters: [(name: String, parameter: Parameter)] {
    if let model = layer as? Model { return model.parameters }
    return scope.parameters.map { ($0.name, $0) }
  }

  /// The weights that training changes, as the switches stand.
  package var trainableParameters: [Parameter] {
    if let model = layer as? Model { return model.trainableParameters }
    return isTrainable ? scope.parameters.filter(\.isTrainable) : []
  }

  /// How many numbers the layer's weights hold.
  public var parameterCount: Int {
    owner?.build()
    return parameters.reduce(0) { $0 + $1.parameter.count }
  }

  /// Copies of the layer's weights: `layer.weights["kernel"]`.
  public var weights: [String: Tensor] {
    owner?.build()
    return Dictionary(
      uniqueKeysWithValues: parameters.filter(\.parameter.hasValues).map { ($0.name, $0.parameter.tensor) })
  }
}

extension LayerHandle: CustomStringConvertible {
  public var description: String { "\(title), \(parameterCount) parameters" + (trainable ? "" : ", frozen") }
}
