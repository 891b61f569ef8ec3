import Foundation

/// A table in a box of lines, with a rule between its rows. Breaks long cells between words, cuts longer words with `…`.
struct BoxTable {
  enum Alignment { case left, right, center }

  struct Column {
    var title: String
    var alignment: Alignment
    var width: Int
  }

  private let columns: [Column]

  /// The columns' widths say how they share `width`; what the lines and the spaces beside the text need is taken off evenly.
  init(columns: [Column], width: Int) {
    let padded = columns.map { $0.width + 2 }
    let available = width - (columns.count + 1)
    var excess = max(0, padded.reduce(0, +) - available)
    var fitted = columns
    for index in columns.indices {
      let share = (Double(excess) / Double(columns.count - index)).rounded(.toNearestOrEven)
      let taken = min(padded[index], Int(share))
      fitted[index].width = max(1, padded[index] - taken - 2)
      excess -= taken
    }
    self.columns = fitted
  }

  func text(rows: [[String]]) -> String {
    var lines = [rule("┏", "━", "┳", "┓")]
    lines += row(columns.map(\.title), "┃")
    lines.append(rule("┡", "━", "╇", "┩"))
    for (index, cells) in rows.enumerated() {
      if index > 0 { lines.append(rule("├", "─", "┼", "┤")) }
      lines += row(cells, "│")
    }
    lines.append(rule("└", "─", "┴", "┘"))
    return lines.joined(separator: "\n")
  }

  private func rule(_ left: String, _ line: String, _ cross: String, _ right: String) -> String {
    left + columns.map { String(repeating: line, count: $0.width + 2) }.joined(separator: cross) + right
  }

  private func row(_ cells: [String], _ bar: String) -> [String] {
    let wrapped = zip(cells, columns).map { BoxTable.wrap($0, width: $1.width) }
    let height = wrapped.map(\.count).max() ?? 0
    return (0..<height).map { line in
      let parts = zip(wrapped, columns).map { cell, column in
        " " + column.align(line < cell.count ? cell[line] : "") + " "
      }
      return bar + parts.joined(separator: bar) + bar
    }
  }

  /// The text in lines of at most `width` characters.
  static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in words(text) {
      if !line.isEmpty, line.count + word.trimmedEnd.count > width {
        lines.append(line.trimmedEnd)
        line = ""
      }
      line += word
    }
    lines.append(line.trimmedEnd)
    return lines.map { $0.count > width ? $0.prefix(width - 1) + "…" : $0 }
  }

  /// Words with the spaces that follow them; spaces at the start belong to the first word.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for character in text {
      if character != " ", word.last == " ", word.contains(where: { $0 != " " }) {
        words.append(word)
        word = ""
      }
      word.append(character)
    }
    return words + [word]
  }
}

extension BoxTable.Column {
  fileprivate func align(_ text: String) -> String {
    let free = max(0, width - text.count)
    let left =
      switch alignment {
      case .left: 0
      case .right: free
      case .center: free / 2
      }
    return String(repeating: " ", count: left) + text + String(repeating: " ", count: free - left)
  }
}

extension String {
  /// Without the spaces at the end.
  var trimmedEnd: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

/// The memory that this many 32-bit numbers take: `397.54 KB`.
func memorySize(floats count: Int) -> String {
  let units = ["B", "KB", "MB", "GB", "TB", "PB"]
  var size = Double(count) * 4
  var unit = 0
  while size >= 1024, unit < units.count - 1 {
    size /= 1024
    unit += 1
  }
  return String(format: "%.2f ", size) + units[unit]
}
