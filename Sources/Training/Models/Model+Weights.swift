import DeepSwiftEngine
import DeepSwiftLayers

extension Model {
  /// All weights with their names: `dense_1/kernel`.
  package var parameters: [(name: String, parameter: Parameter)] {
    var seen: Set<ObjectIdentifier> = []
    return layers.flatMap { layer in layer.parameters.map { ("\(layer.name)/\($0.name)", $0.parameter) } }
      .filter { seen.insert($0.1.id).inserted }
  }

  /// The weights that training changes, as the switches stand.
  package var trainableParameters: [Parameter] {
    var seen: Set<ObjectIdentifier> = []
    return layers.flatMap(\.trainableParameters).filter { seen.insert($0.id).inserted }
  }

  /// How many numbers all weights hold; 0 before the model knows its input.
  public var parameterCount: Int {
    build()
    return parameters.reduce(0) { $0 + $1.parameter.count }
  }

  /// How many of them training changes.
  public var trainableParameterCount: Int {
    build()
    return trainableParameters.reduce(0) { $0 + $1.count }
  }

  /// Makes the weights if the shapes are known. What is wrong with the model is thrown by calls that compute.
  func build() { if structure != nil { _ = try? built() } }

  /// Makes the weights, or throws what is wrong with the model.
  package func makeReady() throws { _ = try built() }

  /// The weights by name: `try model.weights["dense/kernel"]`.
  public var weights: WeightsView { WeightsView(model: self) }

  /// Sets weights by name. All of them are checked before any is changed.
  public func setWeights(_ values: [String: Tensor]) throws {
    _ = try built()
    let known = Dictionary(uniqueKeysWithValues: parameters)
    for (name, tensor) in values {
      guard let parameter = known[name] else { throw weights.unknown(name) }
      try check(tensor, for: parameter, named: name)
    }
    for (name, tensor) in values { known[name]!.tensor = tensor }
  }

  /// Sets all weights, in the order of `weights.names`. All of them are checked before any is changed.
  public func setWeights(_ values: [Tensor]) throws {
    _ = try built()
    let known = parameters
    guard values.count == known.count else {
      throw ModelError(.argument, "the model has \(known.count) weights, received \(values.count)")
    }
    for ((name, parameter), tensor) in zip(known, values) { try check(tensor, for: parameter, named: name) }
    for ((_, parameter), tensor) in zip(known, values) { parameter.tensor = tensor }
  }

  private func check(_ tensor: Tensor, for parameter: Parameter, named name: String) throws {
    guard tensor.shape == parameter.shape else {
      throw ModelError(
        .shape, at: name, "the weight has shape \(parameter.shape), received \(tensor.shape). No weight was changed.")
    }
  }
}

/// A model's weights by name. Reading one copies it.
public struct WeightsView {
  let model: Model

  /// The names of all weights, layer by layer.
  public var names: [String] {
    model.build()
    return model.parameters.map(\.name)
  }

  /// Copies of all weights.
  public var all: [String: Tensor] {
    model.build()
    // Where two layers have one name the model is at fault, which calls that compute will say.
    return Dictionary(model.parameters.map { ($0.name, $0.parameter.tensor) }) { first, _ in first }
  }

  /// A copy of the weight of that name.
  public subscript(name: String) -> Tensor {
    get throws {
      _ = try model.built()
      guard let found = model.parameters.first(where: { $0.name == name }) else { throw unknown(name) }
      return found.parameter.tensor
    }
  }

  func unknown(_ name: String) -> ModelError {
    ModelError(
      .name, "no weight is called \"\(name)\". The weights are \(names.map { "\"\($0)\"" }.joined(separator: ", ")).")
  }
}
