import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

/// A `.keras` file: a zip with the model's configuration and its weights, none of them compressed.
package struct KerasFile {
  static let metadata = "metadata.json", configuration = "config.json", weights = "model.weights.h5"
  /// The version of Keras whose format is written; all of Keras 3 reads it.
  static let version = "3.15.1"
  /// Configurations beyond this are none.
  private static let largestConfiguration = 64 << 20

  private let file: Storage
  private let place: String
  private let zip: ZipArchive
  private let ignoresChecksums: Bool

  init(_ file: Storage, place: String, ignoringChecksums: Bool = false) throws {
    (self.file, self.place, ignoresChecksums) = (file, place, ignoringChecksums)
    zip = try ZipArchive(file, place: place, ignoringChecksums: ignoringChecksums)
  }

  func configuration() throws -> JSON {
    let member = try member(Self.configuration)
    guard member.size <= Self.largestConfiguration else {
      throw ModelError(.file, at: place, "has a configuration of \(member.size) bytes, larger than any. Save it again.")
    }
    return try JSON(zip.contents(of: member), place: "\(place), \(Self.configuration)")
  }

  /// The tree of weights; numbers stay where they are until they are asked for.
  func weights() throws -> HDF5Group {
    let member = try member(Self.weights), inner = "\(place), \(Self.weights)"
    guard let range = try zip.contentsRange(of: member) else {
      return try HDF5.read(zip.contents(of: member), place: inner, ignoringChecksums: ignoresChecksums)
    }
    return try HDF5.read(file, range: range, place: inner, ignoringChecksums: ignoresChecksums)
  }

  /// The whole model.
  func model(customLayers: [any Layer.Type] = [], compile: Bool = true) throws -> Model {
    let model = try KerasConfiguration.model(
      configuration(), place: place, customLayers: customLayers, compile: compile, fileSize: file.byteCount)
    let root = try weights(), inner = "\(place), \(Self.weights)"
    // A model that has not seen its input yet has no weights.
    guard model.knowsItsInput else { return model }
    try KerasWeights.load(KerasWeights.pairs(root, model, place: inner))
    try KerasOptimizerState.load(root, model, place: inner)
    return model
  }

  private func member(_ name: String) throws -> ZipArchive.Member {
    guard let member = zip.members.last(where: { $0.name == name }) else {
      throw ModelError(
        .file, at: place,
        "is no model of Keras 3: it has no \(name), only \(zip.members.map(\.name).sorted().prefix(10)). "
          + "Save it with model.save(\"name.keras\").")
    }
    return member
  }
}

extension Model {
  /// Writes a `.keras` file, which Python's Keras opens.
  func saveKeras(to path: String) throws {
    if knowsItsInput { try makeReady() }
    let config = try KerasConfiguration.json(of: self, place: path)
    let name = config["config"]?["name"]?.string ?? ""
    var zip = ZipWriter()
    let metadata: JSON = ["keras_version": .string(KerasFile.version), "written_by": "DeepSwift"]
    zip.add(KerasFile.metadata, metadata.bytes)
    zip.add(KerasFile.configuration, config.bytes)
    zip.add(KerasFile.weights, try HDF5.pieces(of: KerasWeights.group(of: self, name: name), place: path))
    try Files.write(zip.finishedPieces(place: path), to: path)
  }

  /// Reads a `.keras` file, by DeepSwift or by Python's Keras 3.
  ///
  /// - Parameter compile: whether the model is compiled as it was, to go on training.
  static func loadKeras(from path: String, _ customLayers: [any Layer.Type], compile: Bool) throws -> Model {
    try KerasFile(Files.map(path), place: path).model(customLayers: customLayers, compile: compile)
  }
}

extension KerasFile {
  /// Reads a whole file from memory, and goes on where checksums are wrong: what lies behind them has to be safe by itself.
  package static func read(_ bytes: [UInt8], ignoringChecksums: Bool) throws {
    _ = try KerasFile(Storage(copying: bytes), place: "file", ignoringChecksums: ignoringChecksums).model()
  }
}
