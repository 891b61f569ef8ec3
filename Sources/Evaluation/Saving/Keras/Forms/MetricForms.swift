import DeepSwiftDatasets
import DeepSwiftTraining

/// A metric of Keras': what it has measured so far is no setting.
protocol KerasMetric: KerasForm {}

extension KerasMetric {
  func write(_ config: inout JSON.Object) { config["mean"] = nil }
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) { config["mean"] = [:] }
}

extension BinaryAccuracy: KerasMetric {
  static var kerasDefaults: JSON.Object { ["name": "binary_accuracy", "threshold": 0.5] }
}
extension CategoricalAccuracy: KerasMetric {
  static var kerasDefaults: JSON.Object { ["name": "categorical_accuracy"] }
}
extension SparseCategoricalAccuracy: KerasMetric {
  static var kerasDefaults: JSON.Object { ["name": "sparse_categorical_accuracy"] }
}
extension TopKAccuracy: KerasMetric {
  static var kerasClass: String { "TopKCategoricalAccuracy" }
  static var kerasDefaults: JSON.Object { ["name": "top_k_categorical_accuracy", "k": 5] }
}

extension KerasWriter {
  /// A metric of an output with that loss: the name that Keras knows it by, or an object.
  func metric(_ metric: any Metric, _ loss: (any Loss)?) throws -> JSON {
    if let error = metric as? MeanError { return self.error(error) }
    if metric is Accuracy && ["accuracy", "acc"].contains(metric.name) { return .string(metric.name) }
    let isSparse = loss is SparseCategoricalCrossentropy
    if metric is Accuracy {
      return try self.metric(
        isSparse ? SparseCategoricalAccuracy(name: metric.name) : CategoricalAccuracy(name: metric.name), loss)
    }
    guard metric is any Encodable else { return try named(metric) }
    var json = try object(metric)
    // Keras has a class of its own for class numbers.
    if metric is TopKAccuracy, isSparse, var object = json.object {
      object["class_name"] = "SparseTopKCategoricalAccuracy"
      json = .object(object)
    }
    return json
  }

  /// Under a name that Keras does not know the function's class tells what is measured.
  private func error(_ error: MeanError) -> JSON {
    let isKnown = MeanError.known.contains { ($0.name, $0.function) == (error.name, error.function) }
    if isKnown { return .string(error.name) }
    return [
      "module": .string(KerasKind.metric.module), "class_name": .string(KerasObject.className(of: error.function)),
      "config": ["name": .string(error.name)], "registered_name": nil,
    ]
  }

  /// Something of one's own whose settings cannot be stored: who reads it is told its name.
  func named(_ value: Any) throws -> JSON { try object(value, config: [:]) }
}

extension KerasReader {
  func metric(_ json: JSON) throws -> any Metric {
    let object = try KerasObject(json, .metric, self)
    // Keras 2 wraps the function of a metric; its name may also stand alone.
    let given = object.config["name"]?.string
    let function = json.string ?? object.config["fn"]?.string ?? snakeCase(object.className).drop { $0 == "_" }.description
    let isFunction = json.string != nil || object.className == "MeanMetricWrapper"
    if isFunction, ["accuracy", "acc"].contains(function) { return Accuracy(name: given ?? function) }
    if let error = MeanError.known.first(where: { $0.name == function }) { return error.named(given ?? function) }
    guard isFunction else { return try self.object(.metric, json) }
    let wrapped: JSON = [
      "class_name": .string(KerasObject.className(of: function)), "config": ["name": .string(given ?? function)],
    ]
    return try self.object(.metric, wrapped)
  }
}
