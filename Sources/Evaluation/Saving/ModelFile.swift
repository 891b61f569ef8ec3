import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

extension Model {
  /// Writes the whole model: layers, weights, what `compile` set up, and the optimizer's numbers.
  ///
  /// ```swift
  /// try model.save(to: "clothes.keras")
  /// let again = try Model.load(from: "clothes.keras")
  /// ```
  /// The end of the path names the format: `.keras`, which Python's Keras opens, or `.safetensors`. The file is either
  /// written whole or not at all.
  public func save(to path: String) throws {
    switch try FileFormat(of: path, among: FileFormat.models) {
    case .keras: try saveKeras(to: path)
    default: try saveSafeTensors(to: path)
    }
  }

  /// Writes the weights alone.
  ///
  /// The end of the path names the format: `.weights.h5`, `.safetensors` or `.npz`. The file is either written whole or
  /// not at all.
  public func saveWeights(to path: String) throws {
    let format = try FileFormat(of: path, among: FileFormat.weights)
    try makeReady()
    let tensors = parameters.map { (name: $0.name, tensor: $0.parameter.view) }
    switch format {
    case .safetensors: try SafeTensors.write(tensors, to: path)
    case .npz: try Tensor.write(npz: path, inOrder: tensors)
    case .kerasWeights: try KerasWeights.write(self, to: path)
    case .keras, .hdf5: break  // only read
    }
  }

  /// Reads weights into the model. File and model must have the same ones, unless differences are allowed.
  ///
  /// All weights are checked before any is changed. A whole model's file will do, too.
  ///
  /// - Parameters:
  ///   - matching: how the weights of the file find those of the model.
  ///   - differences: how the two may differ: `[.missing, .unexpected, .shapeMismatch]`.
  /// - Returns: which weights were loaded, and how file and model differ.
  @discardableResult
  public func loadWeights(
    from path: String, matching: WeightMatching = .names, allowing differences: WeightDifferences = []
  ) throws -> WeightReport {
    let stored =
      switch try FileFormat(of: path, among: FileFormat.readableWeights) {
      case .safetensors: StoredWeights(try SafeTensors(contentsOf: path))
      case .npz: try StoredWeights(npz: path)
      case .keras: try StoredWeights(KerasWeights.read(keras: path), for: self, place: path)
      case .kerasWeights, .hdf5: try StoredWeights(HDF5.read(Files.map(path), place: path), for: self, place: path)
      }
    return try load(stored, matching, allowing: differences, place: path)
  }
}

/// What can be loaded from a file: models of any kind.
public protocol LoadableModel: AnyObject {}

extension Model: LoadableModel {}

extension LoadableModel {
  /// Reads a whole model: layers, weights, what `compile` set up, and the optimizer's numbers, so that training goes on
  /// where it stopped.
  ///
  /// The end of the path names the format: `.keras` or `.safetensors`, or `.h5` as Keras 2 wrote it.
  ///
  /// - Parameters:
  ///   - customLayers: layers of one's own, for files in which only their names stand.
  ///   - compile: whether the model is compiled as it was. Without it the file may hold losses and metrics that are not
  ///     known here.
  public static func load(
    from path: String, customLayers: [any Layer.Type] = [], compile: Bool = true
  ) throws -> Self {
    let format = try FileFormat(of: path, among: FileFormat.readableModels)
    let model = try ParameterStore.$drawsFirstValues.withValue(false) {
      switch format {
      case .keras: try Model.loadKeras(from: path, customLayers, compile: compile)
      case .hdf5: try LegacyFile(Files.map(path), place: path).model(customLayers, compile: compile)
      default: try Model.loadSafeTensors(from: path, customLayers, compile: compile)
      }
    }
    guard let wanted = model as? Self else {
      throw ModelError(.file, at: path, "holds a \(type(of: model)), not a \(Self.self); read it with Model.load(from:)")
    }
    return wanted
  }
}

/// The formats of files, told apart by how their names end.
enum FileFormat: String, CaseIterable {
  case safetensors = ".safetensors", npz = ".npz", keras = ".keras", kerasWeights = ".weights.h5", hdf5 = ".h5"

  /// Those that hold whole models, and those that hold weights.
  static let models: [FileFormat] = [.keras, .safetensors]
  static let weights: [FileFormat] = [.safetensors, .npz, .kerasWeights]
  /// Those that are read as well, but not written.
  static let readableModels = models + [.hdf5]
  static let readableWeights = weights + [.keras, .hdf5]

  init(of path: String, among formats: [FileFormat]) throws {
    let found = Self.allCases.first { path.lowercased().hasSuffix($0.rawValue) }
    guard let format = found, formats.contains(format) else {
      let list = formats.map(\.rawValue).joined(separator: ", "), other = found.map { ". \($0.rawValue) is \($0.purpose)" } ?? ""
      throw ModelError(.argument, at: path, "the end of the name tells the format; it can be \(list)\(other)")
    }
    self = format
  }

  /// What it is for, told to who takes it for something else.
  private var purpose: String {
    switch self {
    case .keras, .safetensors: "for whole models: save(to:) and Model.load(from:)"
    case .kerasWeights, .npz: "for weights alone: saveWeights(to:) and loadWeights(from:)"
    case .hdf5: "only read"
    }
  }
}
