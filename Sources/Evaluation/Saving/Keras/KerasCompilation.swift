import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining

extension KerasWriter {
  /// What `compile` set up, as Keras writes it.
  func compilation(_ compilation: Compilation) throws -> JSON {
    try within("compile") {
      let losses = try compilation.losses.map { try $0.map { $0 is any Encodable ? try object($0) : try named($0) } ?? .null }
      let isWeighted = compilation.lossWeights.contains { $0 != 1 }
      let isList = losses.count > 1 || isWeighted
      func metrics(_ metrics: [[any Metric]]) throws -> JSON {
        if metrics.allSatisfy(\.isEmpty) { return .null }
        let lists = try zip(metrics, compilation.losses).map { metrics, loss in
          JSON.array(try metrics.map { try metric($0, loss) })
        }
        return lists.count == 1 ? lists[0] : .array(lists)
      }
      let optimizer = compilation.optimizer
      return [
        "optimizer": optimizer is any Encodable ? try object(optimizer) : try named(optimizer),
        "loss": isList ? .array(losses) : losses.first ?? .null,
        "loss_weights": isWeighted ? .array(try compilation.lossWeights.map { try json(of: $0) }) : .null,
        "metrics": try metrics(compilation.metrics), "weighted_metrics": try metrics(compilation.weightedMetrics),
      ]
    }
  }
}

extension KerasReader {
  /// Compiles the model as the configuration says; `outputs` are the names of its outputs.
  func compile(_ model: Model, _ config: JSON.Object) throws {
    try within("compile") {
      do {
        try compile(model, config, outputs: model.outputNames)
      } catch var error as ModelError {
        error.message +=
          (error.message.hasSuffix(".") ? " Or" : ";") + " load the model with compile: false, and compile it anew."
        throw error
      }
    }
  }

  private func compile(_ model: Model, _ config: JSON.Object, outputs: [String]) throws {
    guard let stored = config["optimizer"] ?? config["optimizer_config"], !stored.isNull else { return }
    let optimizer: any Optimizer = try within("optimizer") { try object(.optimizer, stored) }
    let losses = try within("loss") {
      try perOutput(config["loss"], outputs).map { json -> (any Loss)? in
        json.isNull ? nil : try object(.loss, json, as: (any Loss).self)
      }
    }
    let weights = try within("loss_weights") {
      try perOutput(config["loss_weights"], outputs).map { json -> Float in
        if json.isNull { return 1 }
        guard let weight = json.double else { throw fault("a number is expected, found \(json.excerpt)") }
        return Float(weight)
      }
    }
    func metrics(_ name: String) throws -> [[any Metric]] {
      try within(name) { try perOutputLists(config[name], outputs).map { try $0.map(metric) } }
    }
    guard losses.contains(where: { $0 != nil }) else { return }
    try model.compile(
      optimizer, losses: losses, lossWeights: weights, metrics: try metrics("metrics"),
      weightedMetrics: try metrics("weighted_metrics"))
  }

  /// One value for all outputs, a list, or a dictionary by their names.
  private func perOutput(_ json: JSON?, _ outputs: [String]) throws -> [JSON] {
    switch json ?? .null {
    case .array(let values):
      guard values.count == outputs.count else { throw fault("\(values.count) values for \(outputs.count) outputs") }
      return values
    case .object(let object) where object["class_name"] == nil:
      try check(object, outputs)
      return outputs.map { object[$0] ?? .null }
    case let value: return outputs.map { _ in value }
    }
  }

  /// A list for each output.
  private func perOutputLists(_ json: JSON?, _ outputs: [String]) throws -> [[JSON]] {
    // Keras 2 writes a list of null for an output without metrics.
    func list(_ json: JSON) -> [JSON] { (json.array ?? [json]).filter { !$0.isNull } }
    switch json ?? .null {
    case .array(let values) where outputs.count > 1 || values.contains { $0.array != nil }:
      guard values.count == outputs.count else {
        guard !values.isEmpty else { return outputs.map { _ in [] } }
        throw fault("\(values.count) lists for \(outputs.count) outputs")
      }
      return values.map(list)
    case .object(let object) where object["class_name"] == nil:
      try check(object, outputs)
      return outputs.map { list(object[$0] ?? .null) }
    case let value: return [list(value)] + outputs.dropFirst().map { _ in [] }
    }
  }

  private func check(_ object: JSON.Object, _ outputs: [String]) throws {
    if let unknown = object.keys.first(where: { !outputs.contains($0) }) {
      throw fault("no output is called \(unknown), only \(outputs)")
    }
  }
}
