import DeepSwiftEngine
import Foundation

/// A path with places for values, written and filled as by Python's `format`: `model-{epoch:02d}-{val_loss:.2f}.keras`.
struct FileNamePattern {
  private enum Part {
    case text(String)
    case value(String, Format)
  }

  /// How a value is written: `02d`, `.2f`, `.3e`, `.1%`.
  private struct Format {
    var hasZeros = false
    var width = 0
    var precision: Int?
    var kind: Character?
  }

  private let pattern: String
  private var parts: [Part] = []

  init(_ pattern: String) throws {
    self.pattern = pattern
    var text = "", rest = Substring(pattern)
    while let character = rest.popFirst() {
      switch character {
      case "{" where rest.first == "{", "}" where rest.first == "}": text.append(rest.removeFirst())
      case "{":
        guard let end = rest.firstIndex(of: "}") else { throw fault("a brace is not closed") }
        let field = rest[..<end].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        rest = rest[rest.index(after: end)...]
        let name = String(field[0])
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
          throw fault("\"\(name)\" between braces is no name of a value")
        }
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
        parts.append(.value(name, try format(field.count > 1 ? field[1] : "", of: name)))
      case "}": throw fault("a brace is closed that was not opened")
      default: text.append(character)
      }
    }
    if !text.isEmpty { parts.append(.text(text)) }
  }

  /// The names of the values that the path asks for.
  var names: [String] { parts.compactMap { if case .value(let name, _) = $0 { name } else { nil } } }

  func filled(_ values: [String: Double]) throws -> String {
    try parts.map { part in
      switch part {
      case .text(let text): return text
      case .value(let name, let format):
        guard let value = values[name] else { throw unknown(name, among: Array(values.keys)) }
        return Self.text(value, format)
      }
    }.joined()
  }

  func unknown(_ name: String, among known: [String]) -> ModelError {
    ModelError(
      .name, at: pattern,
      "there is no value \"\(name)\" for the file's name; take one of \(known.sorted().joined(separator: ", "))")
  }

  private func fault(_ message: String) -> ModelError {
    ModelError(.argument, at: pattern, "\(message). A pattern looks like model-{epoch:02d}-{val_loss:.2f}.keras")
  }

  private func format(_ text: Substring, of name: String) throws -> Format {
    var format = Format(), rest = text
    if rest.first == "0" {
      format.hasZeros = true
      rest.removeFirst()
    }
    func number() throws -> Int? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest.removeFirst(digits.count)
      guard !digits.isEmpty else { return nil }
      guard let number = Int(digits), number <= 100 else { throw fault("{\(name):\(text)} asks for too many digits") }
      return number
    }
    format.width = try number() ?? 0
    if rest.first == "." {
      rest.removeFirst()
      guard let precision = try number() else { throw fault("{\(name):\(text)} lacks the number of digits") }
      format.precision = precision
    }
    format.kind = rest.popFirst()
    let isWhole = ["epoch", "batch"].contains(name)
    guard rest.isEmpty, format.kind.map({ "dfeg%".contains($0) }) ?? true else {
      throw fault("{\(name):\(text)}: a value is written as d, f, e, g or %")
    }
    guard format.kind != "d" || isWhole && format.precision == nil else {
      throw fault("{\(name):\(text)}: only epoch and batch are whole numbers; write .2f")
    }
    return format
  }

  private static func text(_ value: Double, _ format: Format) -> String {
    var text =
      switch format.kind {
      case "d": "\(Int(value))"
      case "f": String(format: "%.\(format.precision ?? 6)f", value)
      case "e": String(format: "%.\(format.precision ?? 6)e", value)
      case "%": String(format: "%.\(format.precision ?? 6)f%%", value * 100)
      case nil where format.precision == nil: value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
      default: String(format: "%.\(format.precision ?? 6)g", value)
      }
    let missing = format.width - text.count
    if missing > 0 {
      let isNegative = format.hasZeros && text.hasPrefix("-")
      if isNegative { text.removeFirst() }
      text = (isNegative ? "-" : "") + String(repeating: format.hasZeros ? "0" : " ", count: missing) + text
    }
    return text
  }
}
