import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

/// A `.h5` file by Keras 2, or by Keras 3 in that format: a whole model, or weights alone by the names of layers.
struct LegacyFile {
  private let root: HDF5Group
  private let place: String
  private let fileSize: Int

  init(_ file: Storage, place: String) throws {
    self.init(try HDF5.read(file, place: place), place: place, fileSize: file.byteCount)
  }

  init(_ root: HDF5Group, place: String, fileSize: Int = 0) {
    (self.root, self.place, self.fileSize) = (root, place, fileSize)
  }

  /// What to do about a file whose parts do not fit one another.
  fileprivate static let remedy = "Save the model again in Python."

  /// Whether a file has this form, and not that of Keras 3.
  static func isLegacy(_ root: HDF5Group) -> Bool {
    root["model_weights"] != nil || root.attributes["layer_names"] != nil || root.attributes["layer_names0"] != nil
  }

  // MARK: Whole models

  func model(_ customLayers: [any Layer.Type], compile: Bool) throws -> Model {
    guard let configuration = root.attributes["model_config"] else {
      throw ModelError(
        .file, at: place, "holds weights alone. Build the model in your program and read them with model.loadWeights(from:).")
    }
    let json = try json(configuration, "model_config")
    let reader = KerasReader(place: place, customLayers: customLayers)
    let model = try reader.model(json)
    guard model.knowsItsInput else { return model }
    try KerasConfiguration.check(model, fileSize: fileSize, place: place)
    try model.makeReady()
    let pairs = try layers().flatMap { try $0.pairs(model, place) }
    let found = Set(pairs.map { $0.1.id })
    if let missing = model.parameters.first(where: { !found.contains($0.parameter.id) }) {
      throw ModelError(.file, at: place, "has no numbers for the weight \(missing.name). \(Self.remedy)")
    }
    if compile, let training = root.attributes["training_config"],
      let config = try self.json(training, "training_config").object
    {
      try reader.compile(model, config)
    }
    try KerasWeights.load(pairs)
    try loadOptimizer(model)
    return model
  }

  private func json(_ attribute: HDF5Attribute, _ name: String) throws -> JSON {
    guard let text = attribute.string else { throw ModelError(.file, at: place, "\(name) is no text. \(Self.remedy)") }
    return try JSON(text, place: "\(place), \(name)")
  }

  private func loadOptimizer(_ model: Model) throws {
    guard let compilation = model.compilation, case .group(let group) = root["optimizer_weights"] else { return }
    let names = try names("weight_names", of: group), values = try names.map { try group.dataset($0) }
    // Before Keras 2.11 the name of a weight came first, and one kind of number followed the other: `dense/kernel/m:0`.
    let kinds: Set = ["m", "v", "vhat", "momentum", "rms", "mg"]
    let last = names.last?.split(separator: "/").last?.split(separator: ":").first.map(String.init) ?? ""
    let hasRate = values.count > 1 && values[1].shape.isEmpty
    // Since then it keeps what momentum would need, also where there is none.
    let hasNumbers = !(compilation.optimizer is SGD) || compilation.optimizer.slotCount > 0
    try KerasOptimizerState.load(
      hasNumbers ? values : Array(values.prefix(hasRate ? 2 : 1)), model, place: place, isBySlot: kinds.contains(last),
      hasRate: hasRate, compilation)
  }

  // MARK: Weights

  /// A layer of the file, with its weights in Keras' order.
  struct StoredLayer {
    var name: String
    var weights: [(name: String, dataset: HDF5Dataset)]

    /// Its weights and those of the model's layer of that name.
    fileprivate func pairs(_ model: Model, _ place: String) throws -> [(HDF5Dataset, Parameter)] {
      guard !weights.isEmpty else { return [] }
      guard let handle = model.layers.first(where: { $0.name == name }) else {
        throw ModelError(.file, at: place, "has weights for a layer \(name), which the model lacks. \(LegacyFile.remedy)")
      }
      let parameters = handle.legacyOrder
      guard parameters.count == weights.count else {
        throw ModelError(
          .file, at: "\(place), \(handle.title)",
          "has \(weights.count) weights, the layer \(parameters.count). \(LegacyFile.remedy)")
      }
      return try zip(weights, parameters).map { weight, parameter in
        guard weight.dataset.shape == parameter.shape.dimensions else {
          throw ModelError(
            .file, at: "\(place), \(handle.title)",
            "\(weight.name) has shape \(weight.dataset.shape), the weight \(parameter.name) \(parameter.shape). \(LegacyFile.remedy)"
          )
        }
        return (weight.dataset, parameter)
      }
    }
  }

  func layers() throws -> [StoredLayer] {
    var weights = root
    if case .group(let inner) = root["model_weights"] { weights = inner }
    return try names("layer_names", of: weights).map { name in
      let group = try weights.group(name)
      return StoredLayer(
        name: KerasReader.plainName(name),
        weights: try names("weight_names", of: group).map { ($0, try group.dataset($0)) })
    }
  }

  /// A list of names, which is cut into `names0`, `names1`, … where it would be too large for one attribute.
  private func names(_ key: String, of group: HDF5Group) throws -> [String] {
    if let whole = group.attributes[key] {
      guard let names = whole.strings else { throw ModelError(.file, at: place, "\(key) is no list of names. \(Self.remedy)") }
      return names
    }
    var all: [String] = [], part = 0
    while let names = group.attributes["\(key)\(part)"]?.strings {
      all += names
      part += 1
    }
    return all
  }
}

extension LayerHandle {
  /// The weights as Keras 2 lists them: those first that can be trained, also of all layers of a model that stands here.
  var legacyOrder: [Parameter] {
    let all = parameters.map(\.parameter)
    return all.filter(\.isTrainable) + all.filter { !$0.isTrainable }
  }
}

extension StoredWeights {
  /// The weights of a `.h5` file in either of Keras' forms, under the names that they have in the model.
  init(_ root: HDF5Group, for model: Model, place: String) throws {
    let names = Dictionary(model.parameters.map { ($0.parameter.id, $0.name) }) { first, _ in first }
    func weight(_ name: String, _ dataset: HDF5Dataset) -> Weight {
      Weight(name: name, shape: Shape(dataset.shape)) { try dataset.tensor() }
    }
    if LegacyFile.isLegacy(root) {
      self.init(
        try LegacyFile(root, place: place).layers().flatMap { layer in
          let known = model.layers.first { $0.name == layer.name }?.legacyOrder ?? []
          return layer.weights.enumerated().map { index, stored in
            weight(known.indices.contains(index) ? names[known[index].id] ?? stored.name : stored.name, stored.dataset)
          }
        })
      return
    }
    var weights: [Weight] = [], rest: [String: HDF5Dataset] = [:]
    KerasWeights.collect(root, "", &rest)
    for folder in KerasLayout(model, name: "").folders {
      for (index, parameter) in folder.parameters.enumerated() {
        guard let dataset = rest.removeValue(forKey: "\(folder.path)vars/\(index)") else { continue }
        weights.append(weight(names[parameter.id] ?? parameter.name, dataset))
      }
    }
    self.init(weights + rest.sorted { $0.key < $1.key }.map { weight($0.key, $0.value) })
  }
}
