/// What `fit` measured in each epoch: `history["val_loss"]`, or `for (name, values) in history`.
///
/// ```swift
/// let history = try model.fit(x, y, epochs: 10, validationSplit: 0.1)
/// history.valLoss.last      // after the last epoch
/// history.bestEpoch()       // where it was lowest
/// try history.plot(to: "training.png")
/// try history.write(to: "training.csv")
/// ```
/// Names are in alphabetical order, as in Keras. A value that is missing in an epoch (validation only every second one)
/// makes its list shorter; `points(of:)` tells which epoch each value belongs to.
public struct History: Sendable, Equatable {
  private struct Entry: Sendable, Equatable {
    var epoch: Int
    var logs: Logs
  }

  private var entries: [Entry] = []

  /// A history without epochs.
  public init() {}

  /// Adds an epoch, counted from 0. What was recorded before for the same epoch is replaced.
  public mutating func append(epoch: Int, logs: Logs) {
    let place = entries.lastIndex { $0.epoch <= epoch }
    if let place, entries[place].epoch == epoch {
      entries[place].logs = logs
    } else {
      entries.insert(Entry(epoch: epoch, logs: logs), at: place.map { $0 + 1 } ?? 0)
    }
  }

  /// The indices of the epochs, from 0.
  public var epochs: [Int] { entries.map(\.epoch) }

  /// The names of all values, in alphabetical order.
  public var keys: [String] { Set(entries.flatMap(\.logs.keys)).sorted() }

  /// The values with this name, one per epoch that has it. Where lessons differ, `acc` finds `accuracy`.
  public subscript(_ name: String) -> [Double]? {
    let values = points(of: name).map(\.value)
    return values.isEmpty ? nil : values
  }

  /// The values with this name, each with the index of its epoch.
  public func points(of name: String) -> [(epoch: Int, value: Double)] {
    entries.compactMap { entry in entry.logs[name].map { (entry.epoch, $0) } }
  }

  /// All values of one epoch.
  public func logs(epoch: Int) -> Logs? { entries.first { $0.epoch == epoch }?.logs }

  /// The loss of each epoch.
  public var loss: [Double] { self["loss"] ?? [] }
  /// The accuracy of each epoch.
  public var accuracy: [Double] { self["accuracy"] ?? [] }
  /// The loss of the validation after each epoch.
  public var valLoss: [Double] { self["val_loss"] ?? [] }
  /// The accuracy of the validation after each epoch.
  public var valAccuracy: [Double] { self["val_accuracy"] ?? [] }
}

extension History {
  /// The index of the epoch with the best value, the first one where several are equal.
  ///
  /// Losses and errors are better when lower, accuracies when higher; for a name that does not tell, say which.
  /// `nil` if there is no value that is a number, or no way to tell which one is better.
  public func bestEpoch(for name: String = "val_loss", higherIsBetter: Bool? = nil) -> Int? {
    guard let upward = higherIsBetter ?? History.higherIsBetter(name) else { return nil }
    let numbers = points(of: name).filter { !$0.value.isNaN }
    return numbers.reduce(numbers.first) { best, point in
      guard let best else { return point }
      return (upward ? point.value > best.value : point.value < best.value) ? point : best
    }?.epoch
  }

  /// Whether higher values of a metric are better, as far as its name tells.
  package static func higherIsBetter(_ name: String) -> Bool? {
    let words = Set(name.lowercased().split(separator: "_").map(String.init))
    let errors: Set = [
      "loss", "error", "mse", "mae", "mape", "msle", "rmse", "hinge", "crossentropy", "divergence", "kld", "poisson",
      "logcosh", "huber", "perplexity", "false",
    ]
    let scores: Set = [
      "accuracy", "acc", "auc", "precision", "recall", "sensitivity", "specificity", "f1", "fbeta", "iou", "r2", "top",
      "similarity", "correlation", "true",
    ]
    if !words.isDisjoint(with: errors) { return false }
    if !words.isDisjoint(with: scores) { return true }
    return nil
  }
}

extension History: Sequence {
  public func makeIterator() -> IndexingIterator<[(name: String, values: [Double])]> {
    keys.map { (name: $0, values: self[$0] ?? []) }.makeIterator()
  }
}

extension History: CustomStringConvertible {
  /// A table with one line per epoch, which are counted from 1 as in the progress of `fit`.
  public var description: String {
    let columns = keys.map { name in
      [name] + entries.map { entry in entry.logs[name].map(shortNumber) ?? "" }
    }
    let table = [["epoch"] + entries.map { "\($0.epoch + 1)" }] + columns
    let aligned = table.map { column in
      let width = column.map(\.count).max() ?? 0
      return column.map { String(repeating: " ", count: width - $0.count) + $0 }
    }
    let lines = (0...entries.count).map { row in aligned.map { $0[row] }.joined(separator: "  ").trimmedEnd }
    return lines.joined(separator: "\n")
  }
}

extension History: Codable {
  private struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
    static let epochs = Name(stringValue: "epochs")
  }

  /// Reads what `encode` wrote, and Keras' dictionary of lists too, which has no epochs.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    var columns: [String: [AnyDouble?]] = [:]
    for name in container.allKeys where name.stringValue != "epochs" {
      columns[name.stringValue] = try container.decode([AnyDouble?].self, forKey: name)
    }
    let longest = columns.values.map(\.count).max() ?? 0
    let epochs = try container.decodeIfPresent([Int].self, forKey: .epochs) ?? Array(0..<longest)
    guard longest <= epochs.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .epochs, in: container, debugDescription: "\(epochs.count) epochs but \(longest) values")
    }
    for (row, epoch) in epochs.enumerated() {
      let values = columns.sorted { $0.key < $1.key }.compactMap { name, column in
        row < column.count ? column[row].map { (name, $0.value) } : nil
      }
      append(epoch: epoch, logs: Logs(values))
    }
  }

  /// A list per name and the list of epochs, all of one length: `null` stands where an epoch lacks a value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    try container.encode(epochs, forKey: .epochs)
    for name in keys {
      try container.encode(entries.map { $0.logs[name].map(AnyDouble.init) }, forKey: Name(stringValue: name))
    }
  }
}
