import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining
import Foundation

extension SafeTensors {
  /// Under this key the metadata of a whole model have its architecture.
  static let modelKey = "deepswift.model"
  /// How the names of the optimizer's tensors begin.
  static let optimizerPrefix = "optimizer/"
}

/// What the metadata of a whole model hold.
private struct StoredModel: Codable {
  @Coded var model: any Layer
}

extension Model {
  func saveSafeTensors(to path: String) throws {
    try makeReady()
    let description = try String(decoding: JSONEncoder().encode(StoredModel(model: self)), as: UTF8.self)
    try SafeTensors.write(
      parameters.map { (name: $0.name, tensor: $0.parameter.view) }, metadata: [SafeTensors.modelKey: description], to: path)
  }

  static func loadSafeTensors(from path: String, _ customLayers: [any Layer.Type]) throws -> Model {
    let file = try SafeTensors(contentsOf: path)
    guard let description = file.metadata[SafeTensors.modelKey] else {
      throw ModelError(.file, at: path, "holds weights alone; build the model and read them with model.loadWeights(from:)")
    }
    guard let model = try JSONDecoder().decode(StoredModel.self, from: Data(description.utf8)).model as? Model else {
      throw ModelError(.file, at: path, "holds no model")
    }
    _ = try model.load(StoredWeights(file), .names, allowing: [], place: path)
    return model
  }
}
