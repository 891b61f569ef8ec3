import DeepSwiftEngine

/// What `loadWeights` found. Printing it gives a line for each kind of difference.
public struct WeightReport: Sendable, Equatable {
  /// A weight whose shape in the file is not the model's.
  public struct Mismatch: Sendable, Equatable {
    /// The weight.
    public var name: String
    /// Its shape in the model.
    public var expected: Shape
    /// Its shape in the file.
    public var found: Shape
  }

  /// The model's weights that the file had.
  public var loaded: [String] = []
  /// The model's weights that the file lacks. They stay as they were.
  public var missing: [String] = []
  /// What the file has and the model does not know.
  public var unexpected: [String] = []
  /// Weights of another shape. They stay as they were.
  public var mismatched: [Mismatch] = []

  /// Whether file and model have the same weights.
  public var isComplete: Bool { differences.isEmpty }

  var differences: WeightDifferences {
    var differences: WeightDifferences = []
    if !missing.isEmpty { differences.insert(.missing) }
    if !unexpected.isEmpty { differences.insert(.unexpected) }
    if !mismatched.isEmpty { differences.insert(.shapeMismatch) }
    return differences
  }
}

extension WeightReport: CustomStringConvertible {
  public var description: String { (["\(loaded.count) weights loaded"] + faults).joined(separator: "\n") }

  /// A line for each kind of difference.
  var faults: [String] {
    var lines: [String] = []
    func add(_ what: String, _ items: [String]) {
      guard !items.isEmpty else { return }
      let rest = items.count > 10 ? " and \(items.count - 10) more" : ""
      lines.append("\(what): " + items.prefix(10).joined(separator: ", ") + rest)
    }
    add("missing in the file", missing.map { "\"\($0)\"" })
    add("unknown to the model", unexpected.map { "\"\($0)\"" })
    add("of another shape", mismatched.map { "\"\($0.name)\" is \($0.expected) in the model, \($0.found) in the file" })
    return lines
  }
}

/// How file and model may differ when weights are loaded.
public struct WeightDifferences: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Weights of the model that the file lacks stay as they were.
  public static let missing = Self(rawValue: 1)
  /// Weights of the file that the model does not know are left out.
  public static let unexpected = Self(rawValue: 2)
  /// Weights whose shape in the file is another one stay as they were.
  public static let shapeMismatch = Self(rawValue: 4)
}

/// How the weights of a file find those of a model.
public enum WeightMatching: Sendable {
  /// By layer and weight: `dense_1/kernel`.
  case names
  /// One after the other, for files whose names are other ones.
  case order
}
