import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining

/// Weights in a file, under the names that they have in a model, in the file's order.
struct StoredWeights {
  struct Weight {
    var name: String
    var shape: Shape
    /// Reads the numbers.
    var tensor: () throws -> Tensor
  }

  var weights: [Weight]

  init(_ weights: [Weight]) { self.weights = weights }

  /// The tensors of a `.safetensors` file; of a whole model without those of its optimizer.
  init(_ file: SafeTensors) {
    let isModel = file.metadata[SafeTensors.modelKey] != nil
    weights = file.names.filter { !(isModel && $0.hasPrefix(SafeTensors.optimizerPrefix)) }.map { name in
      Weight(name: name, shape: file.shape(of: name)!) { try file[name] }
    }
  }

  /// The arrays of an `.npz` file.
  init(npz path: String) throws {
    let zip = try ZipArchive(path: path)
    weights = try zip.members.filter { $0.name.hasSuffix(".npy") }.map { member in
      let name = String(member.name.dropLast(4))
      let tensor = try Tensor(npyBytes: zip.contents(of: member), place: "\(path), array \(name)")
      return Weight(name: name, shape: tensor.shape) { tensor }
    }
  }
}

extension StoredWeights {
  /// Which weight of the file goes into which of the model's, and how the two differ.
  func matched(
    with model: [(name: String, parameter: Parameter)], _ matching: WeightMatching
  ) -> (pairs: [(Weight, Parameter)], report: WeightReport) {
    var report = WeightReport(), pairs: [(Weight, Parameter)] = []
    let byName = Dictionary(weights.map { ($0.name, $0) }) { $1 }
    for (index, (name, parameter)) in model.enumerated() {
      let found =
        switch matching {
        case .names: byName[name]
        case .order: weights.indices.contains(index) ? weights[index] : nil
        }
      guard let found else {
        report.missing.append(name)
        continue
      }
      guard found.shape == parameter.shape else {
        report.mismatched.append(.init(name: name, expected: parameter.shape, found: found.shape))
        continue
      }
      report.loaded.append(name)
      pairs.append((found, parameter))
    }
    let known = Set(model.map(\.name))
    switch matching {
    case .names: report.unexpected = weights.map(\.name).filter { !known.contains($0) }
    case .order: report.unexpected = weights.dropFirst(model.count).map(\.name)
    }
    return (pairs, report)
  }
}

extension Model {
  /// Puts the weights of a file into the model. Everything is read and checked before any weight is changed.
  func load(
    _ stored: StoredWeights, _ matching: WeightMatching, allowing differences: WeightDifferences, place: String
  ) throws -> WeightReport {
    try makeReady()
    let (pairs, report) = stored.matched(with: parameters, matching)
    let refused = report.differences.subtracting(differences)
    guard refused.isEmpty else { throw ModelError(.file, at: place, Self.refusal(report, refused, matching)) }
    let tensors = try pairs.map { try $0.0.tensor() }
    for ((_, parameter), tensor) in zip(pairs, tensors) { parameter.tensor = tensor }
    return report
  }

  private static func refusal(_ report: WeightReport, _ refused: WeightDifferences, _ matching: WeightMatching) -> String {
    var names: [String] = []
    if refused.contains(.missing) { names.append(".missing") }
    if refused.contains(.unexpected) { names.append(".unexpected") }
    if refused.contains(.shapeMismatch) { names.append(".shapeMismatch") }
    var remedy =
      "Build the model as it was when the file was written, or load what fits with allowing: [\(names.joined(separator: ", "))]"
    if matching == .names, report.missing.count == report.unexpected.count, report.mismatched.isEmpty {
      remedy += ", or with matching: .order if only the names differ"
    }
    return "the weights do not fit the model, and none was changed.\n" + report.faults.joined(separator: "\n") + "\n" + remedy
      + "."
  }
}
