import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining

/// The weights of a model as Keras 3 keeps them in HDF5: `model.weights.h5` within a `.keras` file, or a file of its own.
enum KerasWeights {
  // MARK: Writing

  /// Writes a `.weights.h5` file.
  static func write(_ model: Model, to path: String) throws {
    let name = model.name ?? KerasLayout.folderName(of: model)
    try HDF5.write(group(of: model, name: name), to: path)
  }

  static func group(of model: Model, name: String) throws -> HDF5Group {
    let layout = KerasLayout(model, name: name)
    var root = HDF5Group()
    for folder in layout.folders {
      root.add(variables(folder.parameters.map { .dataset(HDF5Dataset($0.view)) }, name: folder.name), at: folder.path)
    }
    if let compilation = model.compilation {
      let values = KerasOptimizerState.datasets(compilation, layout.parameters)
      root.add(
        variables(values.map { .dataset($0) }, name: LayerNames.snakeCase("\(type(of: compilation.optimizer))")), at: "optimizer/"
      )
    }
    return root
  }

  private static func variables(_ values: [HDF5Member], name: String) -> HDF5Group {
    HDF5Group(attributes: ["name": .string(name)], members: values.enumerated().map { ("\($0)", $1) })
  }

  // MARK: Reading

  /// The weights of a `.keras` file.
  static func read(keras path: String) throws -> HDF5Group { try KerasFile(Files.map(path), place: path).weights() }

  /// Which data set goes into which weight: shapes are checked, numbers not yet read.
  static func pairs(_ root: HDF5Group, _ model: Model, place: String) throws -> [(HDF5Dataset, Parameter)] {
    try model.makeReady()
    var pairs: [(HDF5Dataset, Parameter)] = [], faults: [String] = []
    for folder in KerasLayout(model, name: model.name ?? "").folders where !folder.parameters.isEmpty {
      let stored = datasets(root, folder.path)
      guard stored.count == folder.parameters.count else {
        faults.append("\(folder.title) has \(folder.parameters.count) weights, the file \(stored.count) in \(folder.path)vars")
        continue
      }
      for (dataset, parameter) in zip(stored, folder.parameters) {
        if dataset.shape == parameter.shape.dimensions {
          pairs.append((dataset, parameter))
        } else {
          faults.append("\(folder.title): \(parameter.name) has shape \(parameter.shape), in the file \(dataset.shape)")
        }
      }
    }
    guard faults.isEmpty else {
      let more = faults.count > 8 ? "\nand \(faults.count - 8) more" : ""
      throw ModelError(
        .file, at: place,
        "the weights do not fit the model that the file describes.\n" + faults.prefix(8).joined(separator: "\n") + more
          + "\nSave the model again; a layer of one's own needs the weights that it had.")
    }
    return pairs
  }

  /// The data sets `0`, `1`, … of a folder.
  static func datasets(_ root: HDF5Group, _ path: String) -> [HDF5Dataset] {
    guard case .group(let group) = root[path: path + "vars"] else { return [] }
    return (0..<group.members.count).map { index -> HDF5Dataset? in
      if case .dataset(let dataset) = group["\(index)"] { dataset } else { nil }
    }.reduce(into: []) { if let dataset = $1 { $0.append(dataset) } }
  }

  /// All data sets of the layers below a group, by their paths.
  static func collect(_ group: HDF5Group, _ path: String, _ found: inout [String: HDF5Dataset]) {
    for (name, member) in group.members where !(path.isEmpty && name == "optimizer") {
      switch member {
      case .dataset(let dataset): found[path + name] = dataset
      case .group(let inner): collect(inner, path + name + "/", &found)
      }
    }
  }

  /// Reads all numbers, then changes the weights.
  static func load(_ pairs: [(HDF5Dataset, Parameter)]) throws {
    let tensors = try pairs.map { try $0.0.tensor() }
    for ((_, parameter), tensor) in zip(pairs, tensors) { parameter.tensor = tensor }
  }
}

extension HDF5Group {
  /// Puts the variables of a folder into their place, and the folders before it.
  fileprivate mutating func add(_ variables: HDF5Group, at path: String) {
    guard let slash = path.firstIndex(of: "/") else {
      self["vars"] = .group(variables)
      return
    }
    let name = String(path[..<slash])
    var inner = HDF5Group()
    if case .group(let known) = self[name] { inner = known }
    inner.add(variables, at: String(path[path.index(after: slash)...]))
    self[name] = .group(inner)
  }
}
