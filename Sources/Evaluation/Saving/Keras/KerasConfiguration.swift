import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

/// A model's architecture, and what `compile` set up, as Keras' JSON: the `config.json` of its files.
package enum KerasConfiguration {
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
  /// - Parameters:
  ///   - compile: whether to compile it as the configuration says.
  ///   - fileSize: the bytes of the file that has the weights too.
  static func model(
    _ json: JSON, place: String, customLayers: [any Layer.Type] = [], compile: Bool = true, fileSize: Int
  ) throws -> Model {
    let reader = KerasReader(place: place, customLayers: customLayers)
    let model = try reader.model(json)
    try check(model, fileSize: fileSize, place: place)
    if compile, let config = json["compile_config"]?.object, !config.isEmpty { try reader.compile(model, config) }
    return model
  }

  /// Refuses a model whose weights could never have come from the file, before there is memory for them.
  static func check(_ model: Model, fileSize: Int, place: String) throws {
    guard model.knowsItsInput else { return }
    let count = try model.countedWeights()
    guard count <= max(1 << 22, fileSize.multipliedReportingOverflow(by: 4).partialValue) else {
      throw ModelError(
        .file, at: place,
        "describes \(count) weights, for which the file's \(fileSize) bytes are too few. Save it again.")
    }
  }

  /// Reads a configuration as text, makes the model, and writes its configuration.
  package static func read(_ text: [UInt8]) throws {
    let json = try JSON(text, place: "file")
    let model = try Self.model(json, place: "file", compile: false, fileSize: text.count)
    _ = try Self.json(of: model, place: "file").text
    _ = try Self.model(json, place: "file", fileSize: text.count)
  }
}
