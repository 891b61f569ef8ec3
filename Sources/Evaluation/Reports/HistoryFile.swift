import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation

extension History {
  /// Writes the values as a table (`.csv`: a column of epochs, then one per name, empty where a value is missing) or as
  /// lists (`.json`: Keras' dictionary with the epochs added, `null` where a value is missing).
  ///
  /// Epochs are counted from 0, as in `epochs` and by Keras' `CSVLogger`.
  public func write(to path: String) throws {
    let text =
      switch (path as NSString).pathExtension.lowercased() {
      case "csv": csv
      case "json": json
      default: throw History.unknownFormat(path)
      }
    try Files.write(Data(text.utf8), to: path)
  }

  /// Reads what `write(to:)` wrote, a `CSVLogger`'s table or the JSON of a Keras history.
  public init(contentsOf path: String) throws {
    let format = (path as NSString).pathExtension.lowercased()
    guard ["csv", "json"].contains(format) else { throw History.unknownFormat(path) }
    let data = try Data(Files.read(path))
    do {
      self = format == "csv" ? try History(csv: data) : try JSONDecoder().decode(History.self, from: data)
    } catch {
      throw ModelError(.file, at: path, "holds no history: \(History.reason(error)); write it with history.write(to:)")
    }
  }

  private static func unknownFormat(_ path: String) -> ModelError {
    ModelError(.argument, at: path, "a history is kept as .csv or .json; end the path with one of them")
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as ModelError: error.message
    case DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context),
      DecodingError.keyNotFound(_, let context), DecodingError.valueNotFound(_, let context):
      context.debugDescription
    default: error.localizedDescription
    }
  }
}

extension History {
  private var csv: String {
    let names = keys
    let header = (["epoch"] + names).map(Self.quoted).joined(separator: ",")
    let lines = epochs.map { epoch in
      let logs = logs(epoch: epoch) ?? [:]
      return (["\(epoch)"] + names.map { logs[$0].map(Self.exact) ?? "" }).joined(separator: ",")
    }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  private var json: String {
    let lists = keys.map { name in
      let values = epochs.map { epoch in
        logs(epoch: epoch)?[name].map { $0.isFinite ? Self.exact($0) : "\"\(Self.exact($0))\"" } ?? "null"
      }
      return (name, values)
    }
    let all = (lists + [("epochs", epochs.map(String.init))]).sorted { $0.0 < $1.0 }
    let lines = all.map { "  \(Self.jsonString($0)): [\($1.joined(separator: ", "))]" }
    return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
  }

  /// All digits that are needed to read the same number back.
  private static func exact(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }

  private static func jsonString(_ text: String) -> String {
    (try? JSONEncoder().encode(text)).flatMap { String(bytes: $0, encoding: .utf8) } ?? "\"\""
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }

  fileprivate init(csv data: Data) throws {
    guard let text = String(bytes: data, encoding: .utf8) else { throw ModelError(.file, "it is no text in UTF-8") }
    var rows = Self.rows(of: text)
    guard !rows.isEmpty, rows[0].first == "epoch" else { throw ModelError(.file, "its first column is not \"epoch\"") }
    let names = rows.removeFirst().dropFirst()
    self.init()
    for (index, row) in rows.enumerated() {
      guard row.count == names.count + 1, let epoch = Int(row[0]) else {
        throw ModelError(.file, "line \(index + 2) has no epoch or not \(names.count) values")
      }
      var logs = Logs()
      for (name, field) in zip(names, row.dropFirst()) where !field.isEmpty && field != "NA" {
        guard let value = Double(field) else { throw ModelError(.file, "line \(index + 2): \"\(field)\" is no number") }
        logs[name] = value
      }
      append(epoch: epoch, logs: logs)
    }
  }

  /// The fields of each line. Between quotes, commas and ends of lines are part of the field.
  private static func rows(of text: String) -> [[String]] {
    var rows: [[String]] = [[""]]
    var isQuoted = false
    for character in text {
      let (row, field) = (rows.count - 1, rows[rows.count - 1].count - 1)
      if character == "\"" {
        // A quote within quotes is written twice: the second one opens them again.
        if !isQuoted, !rows[row][field].isEmpty { rows[row][field].append(character) }
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        rows[row].append("")
      } else if character.isNewline, !isQuoted {
        rows.append([""])
      } else {
        rows[row][field].append(character)
      }
    }
    return rows.filter { $0 != [""] }
  }
}
