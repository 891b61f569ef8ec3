import DeepSwift
import TestSupport

/// A layer alone, with weights from a fixture: what comes out, and the gradients of `Σ output · g`.
struct KerasLayerRun {
  var output: [Float] = []
  var shape: Shape = []
  /// Toward each input.
  var inputGradients: [[Float]] = []
  var weightGradients: [String: [Float]] = [:]
  /// The weights after the run.
  var weights: [String: Tensor] = [:]

  /// - Parameters:
  ///   - isTrainable: a layer that is not is frozen, and normalizes by its moving statistics.
  ///   - gradient: g, of the shape of the output; without it nothing is differentiated.
  init(
    _ layer: any Layer, _ inputs: [Tensor], weights given: [(name: String, value: Tensor)], mode: Mode,
    isTrainable: Bool = true, gradient: Tensor? = nil, isFusing: Bool = true
  ) throws {
    let rows = inputs[0].shape[0]
    func sample(_ tensor: Tensor) -> Shape { Shape(Array(tensor.shape.dimensions.dropFirst())) }
    let stands = inputs.map { Input(shape: sample($0)) }
    let scope = Scope(name: "layer", title: "layer")
    let node = layer.output(for: stands, Weights(scope, Trace(), isTrainable: isTrainable))
    if let error = node.error { throw error }
    shape = Shape([rows] + node.shape.dimensions)
    let store = ParameterStore(scope.parameters, seed: 1)
    for parameter in scope.parameters {
      guard let value = given.first(where: { $0.name == parameter.name })?.value else {
        throw ModelError(.name, "Keras has no weight \"\(parameter.name)\"")
      }
      guard value.shape == parameter.shape else {
        throw ModelError(.shape, "\(parameter.name) has shape \(parameter.shape), Keras' \(value.shape)")
      }
      parameter.tensor = value
    }
    guard scope.parameters.map(\.name) == given.map(\.name) else {
      throw ModelError(.name, "weights are \(scope.parameters.map(\.name)), Keras' \(given.map(\.name))")
    }

    var settings = ProgramSettings()
    settings.mode = mode
    settings.capacity = rows
    settings.isFusing = isFusing
    settings.keepsInputGradients = gradient != nil
    var sources = inputs, places = stands, losses: [LossTerm] = []
    if let gradient {
      let g = Input(shape: sample(gradient))
      sources.append(gradient)
      places.append(g)
      // A program takes the mean over the rows; Keras' gradients are those of the sum.
      losses = [LossTerm((node * g).sum(), weight: Float(rows))]
    }
    let program = try Program(inputs: places, outputs: [node], losses: losses, settings: settings)
    let feed = FixtureBatch(sources)
    program.run(feed.step)
    output = Array(UnsafeBufferPointer(start: program.output(0), count: rows * node.shape.count))
    for (stand, tensor) in zip(stands, inputs) where gradient != nil {
      let count = tensor.count
      inputGradients.append(
        program.gradient(toward: stand).map { Array(UnsafeBufferPointer(start: $0, count: count)) }
          ?? Array(repeating: 0, count: count))
    }
    for trained in program.trained {
      weightGradients[trained.parameter.name] =
        Array(program.gradients[trained.offset..<trained.offset + trained.count])
    }
    for parameter in scope.parameters { weights[parameter.name] = parameter.tensor }
    withExtendedLifetime((store, feed)) {}
  }
}
