import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

extension SafeTensors {
  /// Under these keys the metadata of a whole model have Keras' configuration, and the seed of shuffling and dropout.
  static let modelKey = "deepswift.model", seedKey = "deepswift.seed"
  /// How the names of the optimizer's tensors begin.
  static let optimizerPrefix = "optimizer/"
  fileprivate static let iterationsName = optimizerPrefix + "iterations"
}

extension Model {
  /// Writes weights under their names, the optimizer's numbers under `optimizer/…`, and the configuration as metadata.
  func saveSafeTensors(to path: String) throws {
    try makeReady()
    var metadata = [SafeTensors.modelKey: try KerasConfiguration.json(of: self, place: path).text]
    if let seed { metadata[SafeTensors.seedKey] = "\(seed)" }
    var tensors = parameters.map { (name: $0.name, tensor: $0.parameter.view) }
    if let state = optimizer?.state {
      tensors.append((SafeTensors.iterationsName, Tensor(Int32(clamping: state.iteration))))
      tensors += state.places(in: self).map { (SafeTensors.optimizerPrefix + $0.name, state.view($0.slot, of: $0.parameter)) }
    }
    try SafeTensors.write(tensors, metadata: metadata, to: path)
  }

  static func loadSafeTensors(from path: String, _ customLayers: [any Layer.Type], compile: Bool) throws -> Model {
    let file = try SafeTensors(contentsOf: path)
    guard let text = file.metadata[SafeTensors.modelKey] else {
      throw ModelError(
        .file, at: path, "holds weights alone. Build the model in your program and read them with model.loadWeights(from:).")
    }
    let json = try JSON(text, place: "\(path), model")
    let model = try KerasConfiguration.model(
      json, place: path, customLayers: customLayers, compile: compile, fileSize: file.byteCount)
    model.seed = file.metadata[SafeTensors.seedKey].flatMap { UInt64($0) }
    _ = try model.load(StoredWeights(file), .names, allowing: [], place: path)
    if compile, file.shape(of: SafeTensors.iterationsName) != nil { try model.loadOptimizer(from: file, path) }
    return model
  }

  private func loadOptimizer(from file: SafeTensors, _ path: String) throws {
    // A model that was saved with numbers for an optimizer is compiled with it.
    let state = try optimizerState(), iterations = try file[SafeTensors.iterationsName]
    guard iterations.count == 1, iterations.elementType == .int32, iterations.integers[0] >= 0 else {
      throw ModelError(.file, at: path, "is damaged: \"\(SafeTensors.iterationsName)\" is no number of steps. Save it again.")
    }
    let slots = try state.places(in: self).map { place in
      let tensor = try file[SafeTensors.optimizerPrefix + place.name]
      guard tensor.shape == place.parameter.shape, tensor.elementType == .float32 else {
        throw ModelError(
          .file, at: path,
          "is damaged: \"\(SafeTensors.optimizerPrefix)\(place.name)\" has shape \(tensor.shape), its weight has "
            + "\(place.parameter.shape). Save it again.")
      }
      return (place, tensor)
    }
    for (place, tensor) in slots { state.set(place.slot, of: place.parameter, to: tensor) }
    state.iteration = iterations.integers[0]
  }
}
