import DeepSwiftEngine
import DeepSwiftTraining

/// How often samples of one class were taken for another: a row for each true class, a column for each predicted one.
///
///     let matrix = try model.confusionMatrix(on: test)
///     print(matrix)                        // a table
///     matrix["cat", "dog"]                 // cats that were taken for dogs
///     try matrix.plot(to: "confusion.svg")
public struct ConfusionMatrix: Sendable, Equatable {
  /// `counts[truth][prediction]`
  public let counts: [[Int]]
  /// The name of each class; its number where nobody gave names.
  public let classNames: [String]

  /// Above this many classes, a table of all pairs says nothing and takes a gigabyte.
  static let mostClasses = 5000

  /// Counts labels against predictions.
  ///
  /// - Parameters:
  ///   - labels: class numbers `[n]` or `[n, 1]`, or one-hot rows `[n, classes]`.
  ///   - predictions: the same, or what a model gives: probabilities `[n, classes]`, of which the largest counts, or `[n, 1]`
  ///     probabilities of class 1, of which more than one half counts.
  ///   - classNames: what the classes 0, 1, 2, … are called. Without names there are as many classes as the data speak of.
  public init(labels: Tensor, predictions: Tensor, classNames: [String] = []) throws {
    guard labels.rank > 0, predictions.rank > 0, labels.shape[0] == predictions.shape[0] else {
      throw ModelError(
        .shape, at: "ConfusionMatrix",
        "labels of shape \(labels.shape) and predictions of shape \(predictions.shape) do not hold equally many samples")
    }
    let labels = try ClassNumbers(labels, "labels"), predictions = try ClassNumbers(predictions, "predictions")
    try self.init(
      labels: labels.numbers, predictions: predictions.numbers, classNames: classNames,
      classCount: [labels.classCount, predictions.classCount].compactMap(\.self).max())
  }

  /// Counts class numbers against class numbers.
  public init(labels: [Int], predictions: [Int], classNames: [String] = []) throws {
    try self.init(labels: labels, predictions: predictions, classNames: classNames, classCount: nil)
  }

  init(labels: [Int], predictions: [Int], classNames: [String], classCount: Int?) throws {
    guard labels.count == predictions.count else {
      throw ModelError(
        .argument, at: "ConfusionMatrix", "\(labels.count) labels cannot be compared with \(predictions.count) predictions")
    }
    let largest = max(labels.max() ?? -1, predictions.max() ?? -1)
    // A number outside of the names is found below; one without names makes room for itself.
    let spoken = max(classCount ?? 0, largest < Int.max ? largest + 1 : largest)
    let count = classNames.isEmpty ? spoken : classNames.count
    guard count <= Self.mostClasses else {
      throw ModelError(
        .labels, at: "ConfusionMatrix", "\(count) classes are more than \(Self.mostClasses), of which a table can be made")
    }
    if let classCount, classCount > count {
      throw ModelError(.labels, at: "ConfusionMatrix", "there are \(classNames.count) class names for \(classCount) classes")
    }
    var counts = Array(repeating: Array(repeating: 0, count: count), count: count)
    for (row, (truth, prediction)) in zip(labels, predictions).enumerated() {
      for (number, what) in [(truth, "label"), (prediction, "prediction")] where !(0..<count).contains(number) {
        throw ModelError(
          .labels, at: "ConfusionMatrix", "\(what) \(number) of sample \(row) is no class; there are the classes 0..<\(count)")
      }
      counts[truth][prediction] += 1
    }
    self.init(counts: counts, classNames: classNames.isEmpty ? (0..<count).map(String.init) : classNames)
  }

  private init(counts: [[Int]], classNames: [String]) { (self.counts, self.classNames) = (counts, classNames) }
}

extension ConfusionMatrix {
  /// The number of classes.
  public var classCount: Int { counts.count }

  /// The number of samples.
  public var total: Int { counts.joined().reduce(0, +) }

  /// The share of samples on the diagonal; NaN if there are none.
  public var accuracy: Double { Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total) }

  /// How many samples of class `truth` were predicted to be `prediction`.
  public subscript(truth: Int, prediction: Int) -> Int { counts[truth][prediction] }

  /// The same by the classes' names; `nil` if there is no such class.
  public subscript(truth: String, prediction: String) -> Int? {
    guard let row = classNames.firstIndex(of: truth), let column = classNames.firstIndex(of: prediction) else { return nil }
    return counts[row][column]
  }

  /// What the counts are divided by.
  public enum Normalization: Sendable {
    /// The samples of the true class: each row sums to 1, and the diagonal is the recall.
    case truth
    /// The samples of the predicted class: each column sums to 1, and the diagonal is the precision.
    case prediction
    /// All samples.
    case all
  }

  /// The counts as shares, `[truth][prediction]`; a class without samples has zeros, as in scikit-learn.
  public func normalized(by normalization: Normalization = .truth) -> [[Double]] {
    let rows = counts.map { $0.reduce(0, +) }
    let columns = counts.indices.map { column in counts.reduce(0) { $0 + $1[column] } }
    let total = self.total
    return counts.indices.map { row in
      counts.indices.map { column in
        let whole =
          switch normalization {
          case .truth: rows[row]
          case .prediction: columns[column]
          case .all: total
          }
        return whole == 0 ? 0 : Double(counts[row][column]) / Double(whole)
      }
    }
  }

  /// The pairs of classes that are taken for each other most often, the most frequent first.
  public func mostConfused(_ count: Int = 5) -> [(truth: String, prediction: String, count: Int)] {
    let pairs = counts.indices.flatMap { row in
      counts.indices.filter { $0 != row && counts[row][$0] > 0 }.map { (row, $0) }
    }
    return pairs.sorted { (-counts[$0.0][$0.1], $0.0, $0.1) < (-counts[$1.0][$1.1], $1.0, $1.1) }.prefix(max(count, 0)).map {
      (classNames[$0.0], classNames[$0.1], counts[$0.0][$0.1])
    }
  }
}

extension ConfusionMatrix: CustomStringConvertible {
  /// A table: what samples are below each other, what they were taken for beside each other.
  public var description: String { table.text }

  /// The table in Markdown.
  public var markdown: String { table.markdown }

  private var table: TextTable {
    var table = TextTable(columns: ["true \\ predicted"] + classNames)
    for (name, row) in zip(classNames, counts) { table.rows.append([name] + row.map(String.init)) }
    table.leftAligned = [0]
    return table
  }
}
