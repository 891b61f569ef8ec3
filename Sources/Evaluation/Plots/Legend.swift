/// What the colours mean, in as many lines as it takes.
struct Legend {
  struct Entry {
    var name: String
    var color: Drawing.Color
    var dashes: [Double] = []
    var dots = Curve.Dots.none
    var isRing = false
  }

  private static let lineHeight = 20.0
  private var lines: [[(x: Double, entry: Entry)]] = [[]]

  init(entries: [Entry], width: Double) {
    var x = 0.0
    for var entry in entries {
      if entry.name.count > 48 { entry.name = entry.name.prefix(47) + "..." }
      // Fonts of other makers may be wider than ours.
      let space = 34 + StrokeFont.plain.width(of: entry.name, size: 12) * 1.1 + 16
      if x > 0, x + space > width {
        lines.append([])
        x = 0
      }
      lines[lines.count - 1].append((x, entry))
      x += space
    }
  }

  var height: Double { Double(lines.count) * Self.lineHeight }

  func draw(on drawing: inout Drawing, left: Double, top: Double) {
    for (index, line) in lines.enumerated() {
      let y = top + (Double(index) + 0.5) * Self.lineHeight
      for (offset, entry) in line {
        let x = left + offset
        let middle = Drawing.Point(x + 13, y)
        if entry.isRing {
          drawing.add(HistoryPanel.ring(middle))
        } else {
          drawing.add(.line([.init(x, y), .init(x + 26, y)], color: entry.color, width: 2, dashes: entry.dashes))
          let curve = Curve(points: [], color: entry.color, dashes: [], dots: entry.dots)
          if entry.dots != .none { drawing.add(curve.dot(middle)) }
        }
        drawing.add(.text(entry.name, at: .init(x + 34, y + 4), .init(size: 12)))
      }
    }
  }
}
