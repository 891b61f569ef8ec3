import DeepSwiftEngine
import Foundation

/// Precision, recall and F1 of each class, printed as scikit-learn's `classification_report` does.
///
///     let report = try model.classificationReport(on: test)
///     print(report)
///     report["cat"]?.recall
///
/// With `hits` the samples of a class that were predicted to be of it:
///
///     precision = hits / predicted        recall = hits / support        f1 = 2 · hits / (predicted + support)
public struct ClassificationReport: Sendable, Equatable {
  /// The figures of one class, or an average.
  public struct Figures: Sendable, Equatable {
    /// The share of what was predicted to be of this class that is.
    public var precision: Double
    /// The share of this class that was predicted to be of it.
    public var recall: Double
    /// The harmonic mean of both.
    public var f1: Double
    /// The number of samples.
    public var support: Int
  }

  /// The names of the classes, in their order.
  public let classNames: [String]
  /// The figures of each class, in their order.
  public let classes: [Figures]
  /// The share of samples that were predicted right; NaN if there are none.
  public let accuracy: Double
  /// The plain mean over the classes.
  public let macro: Figures
  /// The mean over the classes, each counted by its samples.
  public let weighted: Figures

  /// - Parameter zeroDivision: what a quotient of nothing by nothing counts as: the precision of a class that was never
  ///   predicted, the recall of one without samples. With NaN the averages leave it out.
  public init(_ matrix: ConfusionMatrix, zeroDivision: Double = 0) {
    func quotient(_ numerator: Int, _ denominator: Int) -> Double {
      denominator == 0 ? zeroDivision : Double(numerator) / Double(denominator)
    }
    let counts = matrix.counts
    classNames = matrix.classNames
    let classes = counts.indices.map { number in
      let hits = counts[number][number], support = counts[number].reduce(0, +)
      let predicted = counts.reduce(0) { $0 + $1[number] }
      return Figures(
        precision: quotient(hits, predicted), recall: quotient(hits, support), f1: quotient(2 * hits, predicted + support),
        support: support)
    }
    self.classes = classes
    accuracy = matrix.accuracy

    let total = matrix.total
    func average(_ weight: (Figures) -> Double) -> Figures {
      func mean(_ figure: (Figures) -> Double) -> Double {
        let numbers = classes.filter { !figure($0).isNaN }
        let whole = numbers.reduce(0) { $0 + weight($1) }
        // Without any number there is nothing to divide, either.
        guard whole > 0 else { return zeroDivision }
        return numbers.reduce(0) { $0 + figure($1) * weight($1) } / whole
      }
      return Figures(precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1), support: total)
    }
    macro = average { _ in 1 }
    weighted = average { Double($0.support) }
  }

  /// Labels and predictions as ``ConfusionMatrix`` takes them.
  public init(labels: Tensor, predictions: Tensor, classNames: [String] = [], zeroDivision: Double = 0) throws {
    self.init(
      try ConfusionMatrix(labels: labels, predictions: predictions, classNames: classNames), zeroDivision: zeroDivision)
  }

  /// The figures of the class of that name.
  public subscript(name: String) -> Figures? { classNames.firstIndex(of: name).map { classes[$0] } }
}

extension ClassificationReport: CustomStringConvertible {
  /// The table with two decimals.
  public var description: String { text() }

  /// The table with so many decimals.
  public func text(digits: Int = 2) -> String {
    let digits = max(0, digits)
    let width = max(classNames.map(\.count).max() ?? 0, "weighted avg".count, digits)
    func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
    func line(_ name: String, _ cells: [String]) -> String {
      right(name, width) + " " + cells.map { " " + right($0, 9) }.joined()
    }
    func line(_ name: String, _ figures: Figures) -> String {
      line(name, Self.cells(figures, digits) + ["\(figures.support)"])
    }
    var lines = [line("", ["precision", "recall", "f1-score", "support"]), ""]
    lines += zip(classNames, classes).map { line($0, $1) }
    lines += ["", line("accuracy", ["", "", Self.decimal(accuracy, digits), "\(macro.support)"])]
    lines += [line("macro avg", macro), line("weighted avg", weighted)]
    return lines.joined(separator: "\n")
  }

  /// The table in Markdown, with so many decimals.
  public func markdown(digits: Int = 2) -> String {
    let digits = max(0, digits)
    var table = TextTable(columns: ["class", "precision", "recall", "f1-score", "support"])
    table.leftAligned = [0]
    for (name, figures) in zip(classNames, classes) + [("macro avg", macro), ("weighted avg", weighted)] {
      table.rows.append([name] + Self.cells(figures, digits) + ["\(figures.support)"])
    }
    table.rows.insert(["accuracy", "", "", Self.decimal(accuracy, digits), "\(macro.support)"], at: classes.count)
    return table.markdown
  }

  private static func cells(_ figures: Figures, _ digits: Int) -> [String] {
    [figures.precision, figures.recall, figures.f1].map { decimal($0, digits) }
  }

  private static func decimal(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
