import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation

/// A training in figures: a line for each epoch with the best one marked, or one for each of several trainings to compare.
///
///     print(HistoryReport(history))
///     print(HistoryReport(["512 units": wide, "16 units": narrow]).markdown)
///
/// Epochs are counted from 1, as in the progress of `fit`.
public struct HistoryReport {
  /// The trainings and what they are called.
  public let runs: [(name: String, history: History)]
  /// Which value tells the best epoch: `val_loss`, or `loss` without validation, if not given.
  public let monitor: String?
  /// Whether more of it is better, where its name does not tell.
  public let higherIsBetter: Bool?

  /// One training: a line for each epoch.
  public init(_ history: History, monitor: String? = nil, higherIsBetter: Bool? = nil) {
    self.init([("", history)], monitor: monitor, higherIsBetter: higherIsBetter)
  }

  /// Several trainings: a line for each, with the values of its best epoch.
  public init(_ runs: [(String, History)], monitor: String? = nil, higherIsBetter: Bool? = nil) {
    self.runs = runs.map { (name: $0.0, history: $0.1) }
    self.monitor = monitor
    self.higherIsBetter = higherIsBetter
  }

  /// Several trainings, in the order in which they are written: `["512 units": wide, "16 units": narrow]`.
  public init(_ runs: KeyValuePairs<String, History>, monitor: String? = nil, higherIsBetter: Bool? = nil) {
    self.init(runs.map { ($0.key, $0.value) }, monitor: monitor, higherIsBetter: higherIsBetter)
  }

  /// Several trainings in alphabetical order.
  @_disfavoredOverload
  public init(_ runs: [String: History], monitor: String? = nil, higherIsBetter: Bool? = nil) {
    self.init(runs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, monitor: monitor, higherIsBetter: higherIsBetter)
  }

  /// The index of the best epoch of each training, from 0; `nil` if it has none.
  public var bestEpochs: [Int?] { runs.map { best(of: $0.history)?.epoch } }

  /// Writes the report into a file: `.md` as Markdown, `.txt` as it is printed.
  public func write(to path: String) throws {
    let text: String
    switch (path as NSString).pathExtension.lowercased() {
    case "md", "markdown": text = markdown
    case "txt": text = description
    default: throw ModelError(.argument, at: path, "a report is written as .md or .txt; end the path with one of them")
    }
    try Files.write(Data((text + "\n").utf8), to: path)
  }
}

extension HistoryReport: CustomStringConvertible {
  /// A table with aligned columns. A star marks the best epoch, or the best of several trainings.
  public var description: String { ([table.text] + notes).joined(separator: "\n") }

  /// The same in Markdown; what the star marks is bold.
  public var markdown: String { ([table.markdown] + notes.map { "\n" + $0 }).joined(separator: "\n") }

  private var table: TextTable { runs.count == 1 ? epochTable(runs[0].history) : comparison }

  /// A line for each epoch.
  private func epochTable(_ history: History) -> TextTable {
    let names = Self.sorted(history.keys)
    var table = TextTable(columns: ["epoch"] + names)
    for epoch in history.epochs {
      let logs = history.logs(epoch: epoch) ?? [:]
      if let best = best(of: history), best.epoch == epoch {
        let column = (names.firstIndex(of: best.name) ?? -1) + 1
        table.marked = [TextTable.Cell(table.rows.count, 0), TextTable.Cell(table.rows.count, column)]
      }
      table.rows.append(["\(epoch + 1)"] + names.map { logs[$0].map(shortNumber) ?? "" })
    }
    return table
  }

  /// A line for each training.
  private var comparison: TextTable {
    let names = Self.sorted(Set(runs.flatMap(\.history.keys)).subtracting(["learning_rate"]).sorted())
    var table = TextTable(columns: ["run", "epochs", "best epoch"] + names)
    table.leftAligned = [0]
    let logs = runs.map { run in best(of: run.history).flatMap { run.history.logs(epoch: $0.epoch) } ?? [:] }
    for (run, logs) in zip(runs, logs) {
      let epoch = best(of: run.history).map { "\($0.epoch + 1)" } ?? ""
      table.rows.append([run.name, "\(run.history.epochs.count)", epoch] + names.map { logs[$0].map(shortNumber) ?? "" })
    }
    for (column, name) in names.enumerated() {
      guard let upward = name == monitor ? higherIsBetter ?? History.higherIsBetter(name) : History.higherIsBetter(name) else {
        continue
      }
      let values = logs.enumerated().compactMap { row, logs in logs[name].flatMap { $0.isNaN ? nil : (row, $0) } }
      let best = values.max { upward ? $0.1 < $1.1 : $0.1 > $1.1 }
      for (row, value) in values where value == best?.1 { table.marked.insert(TextTable.Cell(row, column + 3)) }
    }
    return table
  }

  private var notes: [String] {
    if runs.count != 1 { return ["Values are those of the best epoch by \(monitor ?? "val_loss, or loss without validation")."] }
    guard let best = best(of: runs[0].history) else { return [] }
    return ["Best epoch: \(best.epoch + 1) (\(best.name) \(shortNumber(best.value)))."]
  }

  private func best(of history: History) -> (epoch: Int, name: String, value: Double)? {
    let names = monitor.map { [$0] } ?? ["val_loss", "loss"]
    guard let name = names.first(where: { history[$0] != nil }),
      let epoch = history.bestEpoch(for: name, higherIsBetter: higherIsBetter),
      let value = history.logs(epoch: epoch)?[name]
    else { return nil }
    return (epoch, name, value)
  }

  /// Training beside its validation: `accuracy`, `val_accuracy`, `loss`, `val_loss`.
  private static func sorted(_ keys: [String]) -> [String] {
    keys.map { key in (key.hasPrefix("val_") ? String(key.dropFirst(4)) : key, key) }
      .sorted { ($0.0, $0.1.count) < ($1.0, $1.1.count) }.map(\.1)
  }
}
