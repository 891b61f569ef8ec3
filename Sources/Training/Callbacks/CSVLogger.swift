import DeepSwiftEngine
import Foundation

/// Writes a line for each epoch into a file: `epoch,accuracy,loss,…`. Epochs count from 0; what is missing is `NA`.
///
/// ```swift
/// try model.fit(
///   x, y, epochs: 10, callbacks: [CSVLogger("training.csv")])
/// ```
public final class CSVLogger: Callback {
  private let path: String
  private let separator: String
  private let append: Bool
  private var file: FileHandle?
  private var keys: [String]?

  /// - Parameter append: whether lines are added to a file that exists, instead of beginning anew.
  public init(_ path: String, separator: String = ",", append: Bool = false) {
    self.path = path
    self.separator = separator
    self.append = append
  }

  public func trainingBegan(_ run: TrainingRun) throws {
    keys = nil
    let exists = FileManager.default.fileExists(atPath: path)
    if append && exists {
      let header = try? String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").first
      keys = header.map { $0.components(separatedBy: separator).filter { $0 != "epoch" } }
    } else {
      guard FileManager.default.createFile(atPath: path, contents: nil) else { throw unwritable() }
    }
    try open()
  }

  /// What a backup keeps: the columns, and how long the file was.
  private struct State: Codable {
    var keys: [String]?
    var length: UInt64
  }

  public func state() throws -> CallbackState? { try CallbackState(State(keys: keys, length: file?.offset() ?? 0)) }

  /// Lines that were written after the backup are written again, so they are taken away first.
  public func trainingResumed(from state: CallbackState?, _ run: TrainingRun) throws {
    guard let values = try state?.values(as: State.self) else { return try trainingBegan(run) }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let size = attributes?[.size] as? UInt64, size >= values.length else {
      run.print("CSVLogger: \(path) is gone or shorter than it was at the backup; it begins anew.")
      return try trainingBegan(run)
    }
    keys = values.keys
    try open()
    try file?.truncate(atOffset: values.length)
  }

  private func open() throws {
    guard let file = FileHandle(forWritingAtPath: path) else { throw unwritable() }
    try file.seekToEnd()
    self.file = file
  }

  public func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) throws {
    // Columns are those of the first epoch; values of a validation that comes later get theirs beforehand.
    if keys == nil {
      var names = run.logs.keys.sorted()
      if run.hasValidation && !names.contains(where: { $0.hasPrefix("val_") }) {
        names += names.filter { $0 != "learning_rate" }.map { "val_\($0)" }
      }
      keys = names
      try write(["epoch"] + names)
    }
    try write(["\(epoch)"] + (keys ?? []).map { run.logs[$0].map { "\($0)" } ?? "NA" })
  }

  public func trainingEnded(_ logs: Logs, _ run: TrainingRun) throws {
    try file?.close()
    file = nil
  }

  private func write(_ fields: [String]) throws {
    do {
      try file?.write(contentsOf: Data((fields.joined(separator: separator) + "\n").utf8))
      try file?.synchronize()
    } catch {
      let remedy = (error as? CocoaError)?.code == .fileWriteOutOfSpace ? " Free some space or choose another disk." : ""
      throw ModelError(.file, at: path, "the epoch cannot be written: \(error.localizedDescription)\(remedy)")
    }
  }

  private func unwritable() -> ModelError {
    ModelError(.file, at: path, "the file cannot be made. Does its folder exist, and may this program write there?")
  }
}
