/// A picture of pictures, each with some lines of text below it.
package struct ImageGrid {
  package struct Cell {
    package var image: Pixels
    package var lines: [Drawing.ColoredText]

    package init(_ image: Pixels, _ lines: [Drawing.ColoredText]) { (self.image, self.lines) = (image, lines) }
  }

  package var cells: [Cell]
  package var columns: Int
  package var title: String?
  /// What is said where there is nothing to show.
  package var note: String?

  /// - Parameter columns: as many as rows, or a few more, if not given.
  package init(_ cells: [Cell], columns: Int? = nil, title: String? = nil, note: String? = nil) {
    self.cells = cells
    let square = Int(Double(max(cells.count, 1)).squareRoot().rounded(.up))
    self.columns = max(1, min(columns ?? min(square, 8), max(cells.count, 1)))
    self.title = title
    self.note = note
  }

  private static let margin = 16.0, gap = 12.0, lineHeight = 16.0

  package func drawing(_ description: String) -> Drawing {
    // Small images need no large picture, but their names need room.
    let cellWidth = min(160, max(72, (800 - 2 * Self.margin + Self.gap) / Double(columns) - Self.gap))
    let lineCount = cells.map(\.lines.count).max() ?? 0
    let imageHeight = cells.map { size(of: $0.image, in: cellWidth).height }.max() ?? 24
    let cellHeight = imageHeight + (lineCount > 0 ? 4 + Double(lineCount) * Self.lineHeight : 0)
    let rows = max(1, (cells.count + columns - 1) / columns)
    // A long title may make a small picture wider, up to a page.
    let titleWidth = StrokeFont.plain.width(of: title ?? "", size: 16, bold: true) * 1.1 + 2 * Self.margin
    let width = max(
      2 * Self.margin - Self.gap + Double(columns) * (cellWidth + Self.gap), min(800, titleWidth), note == nil ? 0 : 360
    ).rounded(.up)
    let top = title == nil ? Self.margin : 44
    var drawing = Drawing(
      width: width, height: top + Double(rows) * (cellHeight + Self.gap) - Self.gap + Self.margin, title: description)
    if let title {
      let style = Drawing.TextStyle(size: 16, bold: true)
      drawing.add(.text(StrokeFont.plain.shortened(title, style, to: width - 2 * Self.margin), at: .init(Self.margin, 28), style))
    }
    if cells.isEmpty, let note {
      drawing.add(.text(note, at: .init(Self.margin, top + 16), .init(size: 13, color: Drawing.Color(0x444444))))
    }
    for (index, cell) in cells.enumerated() {
      let x = Self.margin + Double(index % columns) * (cellWidth + Self.gap)
      let y = top + Double(index / columns) * (cellHeight + Self.gap)
      draw(cell, on: &drawing, x: x, y: y, width: cellWidth, imageHeight: imageHeight)
    }
    return drawing
  }

  private func draw(_ cell: Cell, on drawing: inout Drawing, x: Double, y: Double, width: Double, imageHeight: Double) {
    let (imageWidth, height) = size(of: cell.image, in: width)
    let (left, top) = (x + (width - imageWidth) / 2, y + imageHeight - height)
    // A frame tells a white image from the paper.
    drawing.add(
      .rectangle(x: left - 1, y: top - 1, width: imageWidth + 2, height: height + 2, fill: Drawing.Color(0xCCCCCC)))
    drawing.add(.image(cell.image, x: left, y: top, width: imageWidth, height: height))
    for (line, text) in cell.lines.enumerated() {
      let style = Drawing.TextStyle(size: 12, color: text.color, anchor: .middle)
      let baseline = y + imageHeight + 4 + (Double(line) + 0.75) * Self.lineHeight
      let shortened = StrokeFont.plain.shortened(text.text, style, to: width + Self.gap - 4)
      drawing.add(.text(shortened, at: .init(x + width / 2, baseline), style))
    }
  }

  /// As wide as its cell, unless it is much higher than wide.
  private func size(of image: Pixels, in width: Double) -> (width: Double, height: Double) {
    let height = width * Double(image.height) / Double(image.width)
    let most = width * 1.5
    if height > most { return (max(1, most * Double(image.width) / Double(image.height)), most) }
    return (width, max(1, height))
  }
}

extension Drawing {
  package struct ColoredText: Sendable, Equatable {
    package var text: String
    package var color: Color
    package init(_ text: String, _ color: Color = Color(0x222222)) { (self.text, self.color) = (text, color) }
  }
}

extension StrokeFont {
  /// The text with its end replaced by dots, if it is too long. Fonts of other makers may be wider than ours.
  ///
  /// - Parameter keepsEnd: leaves out the middle instead.
  package func shortened(_ text: String, _ style: Drawing.TextStyle, to width: Double, keepsEnd: Bool = false) -> String {
    func fits(_ text: String) -> Bool { self.width(of: text, size: style.size, bold: style.bold) * 1.1 <= width }
    if fits(text) { return text }
    var short = text, end = keepsEnd ? String(text.suffix(text.count / 2)) : ""
    if keepsEnd { short.removeLast(end.count) }
    while !short.isEmpty, !fits(short + "..." + end) {
      short.removeLast()
      if end.count > short.count { end.removeFirst() }
    }
    return short + "..." + end
  }
}
