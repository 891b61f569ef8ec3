import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

/// A model's architecture, and what `compile` set up, as Keras' JSON: the `config.json` of its files.
enum KerasConfiguration {
  /// `place` names the file in errors.
  static func json(of model: Model, place: String) throws -> JSON {
    let writer = KerasWriter(place: place)
    let name = model.name ?? (model is Sequential ? "sequential" : "functional")
    var object = try writer.model(model, name: name)
    if let compilation = model.compilation { object["compile_config"] = try writer.compilation(compilation) }
    return .object(object)
  }

  /// The model of a configuration, with new first values for its weights.
  ///
  /// - Parameter compile: whether to compile it as the configuration says.
  static func model(
    _ json: JSON, place: String, customLayers: [any Layer.Type] = [], compile: Bool = true
  ) throws -> Model {
    let reader = KerasReader(place: place, customLayers: customLayers)
    let model = try reader.model(json)
    if compile, let config = json["compile_config"]?.object, !config.isEmpty { try reader.compile(model, config) }
    return model
  }
}
