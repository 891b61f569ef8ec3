/// Rows of words under headings, printed with aligned columns or as Markdown.
package struct TextTable {
  package var columns: [String]
  package var rows: [[String]] = []
  /// The columns of words; numbers stand at the right edge of theirs.
  package var leftAligned: Set<Int> = []
  /// The cells to stand out: bold in Markdown, with a star in text.
  package var marked: Set<Cell> = []

  package struct Cell: Hashable {
    package var row, column: Int
    package init(_ row: Int, _ column: Int) { (self.row, self.column) = (row, column) }
  }

  package init(columns: [String]) { self.columns = columns }

  /// One line for the headings and one for each row, two spaces between columns.
  package var text: String {
    let starred = Set(marked.map(\.column))
    func cell(_ row: Int, _ column: Int) -> String {
      rows[row][column] + (marked.contains(Cell(row, column)) ? "*" : starred.contains(column) ? " " : "")
    }
    let columns = columns.indices.map { column in
      [self.columns[column] + (starred.contains(column) ? " " : "")] + rows.indices.map { cell($0, column) }
    }
    let aligned = columns.enumerated().map { column, cells in
      let width = cells.map(\.count).max() ?? 0
      return cells.map { cell in
        let space = String(repeating: " ", count: width - cell.count)
        return leftAligned.contains(column) ? cell + space : space + cell
      }
    }
    return (0...rows.count).map { row in
      var line = aligned.map { $0[row] }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// A table for a document; what Markdown would take for its own signs is written out.
  package var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let rule = columns.indices.map { leftAligned.contains($0) ? "---" : "---:" }
    let body = rows.enumerated().map { row, cells in
      line(cells.enumerated().map { marked.contains(Cell(row, $0)) ? "**\(escaped($1))**" : escaped($1) })
    }
    return ([line(columns.map(escaped)), line(rule)] + body).joined(separator: "\n")
  }

  private func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if character.isNewline { return result.append(" ") }
      if "|\\*`<".contains(character) { result.append("\\") }
      result.append(character)
    }
  }
}
