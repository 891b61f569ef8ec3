import DeepSwiftEngine
import DeepSwiftTraining
import Foundation

extension ConfusionMatrix {
  /// Draws the table into an `.svg` or `.png` file: what samples are below each other, what they were taken for beside each
  /// other. Right ones are blue, mistakes orange, the darker the larger their share of the true class.
  ///
  /// - Parameter normalized: whether the cells show percents of the true class instead of counts.
  public func plot(to path: String, title: String? = nil, normalized: Bool = false) throws {
    try Drawing.checkFormat(path)
    guard classCount > 0 else { throw ModelError(.argument, at: path, "there are no classes to draw") }
    try ConfusionPlot(self, title: title, isNormalized: normalized).drawing().write(to: path)
  }
}

/// The picture of a confusion matrix.
package struct ConfusionPlot {
  private let matrix: ConfusionMatrix
  private let title: String
  private let isNormalized: Bool
  private let shares: [[Double]]

  package init(_ matrix: ConfusionMatrix, title: String? = nil, isNormalized: Bool = false) {
    self.matrix = matrix
    self.isNormalized = isNormalized
    shares = matrix.normalized()
    let accuracy = matrix.total > 0 ? "Accuracy \(shortNumber(matrix.accuracy)) on " : ""
    self.title = title ?? accuracy + "\(withCommas(matrix.total)) samples"
  }

  /// Above this, names and numbers are too small to read, and classes are numbered along the edges instead.
  private static let mostNamed = 120
  /// Up to this, a cell has room for a number, if the picture does not become too wide to be read.
  private static let mostCounted = 24
  private static let widest = 1100.0
  private static let longestName = 150.0
  private static let ink = Drawing.Color(0x222222), right = Drawing.Color(0x0072B2), wrong = Drawing.Color(0xD55E00)

  private var count: Int { matrix.classCount }
  private var isNamed: Bool { count <= Self.mostNamed }
  private var isCounted: Bool { count <= Self.mostCounted && Double(count) * (longestNumber + 10) <= Self.widest }
  private var longestNumber: Double { texts.joined().map { width($0, 12) }.max() ?? 0 }
  private var cell: Double {
    if count > Self.mostNamed { return 1000 / Double(count) }
    return max(9, max(isCounted ? longestNumber + 10 : 0, min(72, 560 / Double(count)))).rounded()
  }
  private var nameSize: Double { min(12, max(8, cell - 1)) }

  private func width(_ text: String, _ size: Double) -> Double { StrokeFont.plain.width(of: text, size: size) * 1.1 }

  private var names: [String] {
    let style = Drawing.TextStyle(size: nameSize)
    func shortened(_ names: [String], keepsEnd: Bool = false) -> [String] {
      names.map { StrokeFont.plain.shortened($0, style, to: Self.longestName, keepsEnd: keepsEnd) }
    }
    let names = shortened(matrix.classNames)
    // Names that begin alike are told apart by their ends.
    return Set(names).count == Set(matrix.classNames).count ? names : shortened(matrix.classNames, keepsEnd: true)
  }

  /// What stands in the cells.
  private var texts: [[String]] {
    matrix.counts.indices.map { row in
      matrix.counts.indices.map { column in
        guard matrix.counts[row][column] > 0 else { return "0" }
        guard isNormalized else { return "\(matrix.counts[row][column])" }
        let percent = shares[row][column] * 100
        if percent < 0.05 { return "<0.1" }
        return percent < 0.95 ? String(format: "%.1f", percent) : "\(Int(percent.rounded()))"
      }
    }
  }

  package func drawing() -> Drawing {
    let names = isNamed ? names : [], (cell, nameSize) = (cell, nameSize)
    let nameWidth = isNamed ? names.map { width($0, nameSize) }.max() ?? 0 : 44
    // Names that are wider than their column are written upward.
    let isTurned = isNamed && nameWidth > cell - 6
    let left = 34 + nameWidth + 8, top = 70.0, side = Double(count) * cell
    let bottom = top + side + 8 + (isTurned ? nameWidth : nameSize) + 30
    let legendWidth = 330.0, titleStyle = Drawing.TextStyle(size: 16, bold: true)
    let title = StrokeFont.plain.shortened(title, titleStyle, to: max(800, left + side + 18) - 32)
    let titleWidth = StrokeFont.plain.width(of: title, size: 16, bold: true) * 1.1 + 32
    var drawing = Drawing(
      width: max(left + side + 18, legendWidth + 32, titleWidth).rounded(.up), height: bottom.rounded(.up),
      title: "Confusion matrix of \(count) classes. \(title)")
    drawing.add(.text(title, at: .init(16, 28), titleStyle))
    drawLegend(on: &drawing, baseline: 52)
    drawCells(on: &drawing, left: left, top: top)
    drawFrame(on: &drawing, left: left, top: top, side: side)
    if isNamed {
      drawNames(names, on: &drawing, left: left, top: top, isTurned: isTurned)
    } else {
      drawNumbers(on: &drawing, left: left, top: top)
    }
    let style = Drawing.TextStyle(size: 13, anchor: .middle)
    drawing.add(.text("predicted class", at: .init(left + side / 2, bottom - 10), style))
    var upward = style
    upward.angle = -90
    drawing.add(.text("true class", at: .init(20, top + side / 2), upward))
    return drawing
  }

  private func drawLegend(on drawing: inout Drawing, baseline: Double) {
    var x = 16.0
    let style = Drawing.TextStyle(size: 12, color: Drawing.Color(0x444444))
    for (color, text) in [(Self.right, "right"), (Self.wrong, "wrong")] {
      drawing.add(.rectangle(x: x, y: baseline - 10, width: 12, height: 12, fill: color))
      drawing.add(.text(text, at: .init(x + 17, baseline), style))
      x += 17 + width(text, 12) + 14
    }
    drawing.add(
      .text(isNormalized ? "percents of the true class" : "darker: more of the true class", at: .init(x, baseline), style))
  }

  private func drawCells(on drawing: inout Drawing, left: Double, top: Double) {
    guard isCounted else {
      // Thousands of rectangles say no more than one picture.
      let rgb = matrix.counts.indices.flatMap { row in
        matrix.counts.indices.flatMap { column in
          let color = color(row, column)
          return [color.red, color.green, color.blue]
        }
      }
      let pixels = Pixels(width: count, height: count, rgb: rgb)
      return drawing.add(.image(pixels, x: left, y: top, width: Double(count) * cell, height: Double(count) * cell))
    }
    let (cell, texts) = (cell, texts)
    for row in 0..<count {
      for column in 0..<count {
        let (x, y) = (left + Double(column) * cell, top + Double(row) * cell), color = color(row, column)
        if color != .white { drawing.add(.rectangle(x: x, y: y, width: cell, height: cell, fill: color)) }
        let isNothing = matrix.counts[row][column] == 0
        let ink = color.isDark ? Drawing.Color.white : isNothing ? Drawing.Color(0x999999) : Self.ink
        let style = Drawing.TextStyle(size: 12, color: ink, anchor: .middle)
        drawing.add(.text(texts[row][column], at: .init(x + cell / 2, y + cell / 2 + 4), style))
      }
    }
  }

  private func drawFrame(on drawing: inout Drawing, left: Double, top: Double, side: Double) {
    let line = Drawing.Color(0xBBBBBB)
    let steps = isCounted ? Array(0...count) : [0, count]
    for step in steps {
      let offset = Double(step) * cell
      drawing.add(.line([.init(left + offset, top), .init(left + offset, top + side)], color: line, width: 1))
      drawing.add(.line([.init(left, top + offset), .init(left + side, top + offset)], color: line, width: 1))
    }
  }

  private func drawNames(_ names: [String], on drawing: inout Drawing, left: Double, top: Double, isTurned: Bool) {
    let size = nameSize, bottom = top + Double(count) * cell
    for (index, name) in names.enumerated() {
      let middle = (Double(index) + 0.5) * cell
      var style = Drawing.TextStyle(size: size, anchor: .end)
      drawing.add(.text(name, at: .init(left - 7, top + middle + size * 0.35), style))
      if isTurned {
        style.angle = -90
        drawing.add(.text(name, at: .init(left + middle + size * 0.35, bottom + 7), style))
      } else {
        style.anchor = .middle
        drawing.add(.text(name, at: .init(left + middle, bottom + 7 + size), style))
      }
    }
  }

  /// The numbers of some classes where there is no room for all names.
  private func drawNumbers(on drawing: inout Drawing, left: Double, top: Double) {
    let step = max(1, Int(Axis.roundStep(atLeast: Double(count) / 10))), bottom = top + Double(count) * cell
    for number in stride(from: 0, to: count, by: step) {
      let middle = (Double(number) + 0.5) * cell
      var style = Drawing.TextStyle(size: 12, anchor: .end)
      drawing.add(.text("\(number)", at: .init(left - 7, top + middle + 4), style))
      style.anchor = .middle
      drawing.add(.text("\(number)", at: .init(left + middle, bottom + 19), style))
    }
  }

  /// White where there is nothing. A small share is visible already: the shade follows its root.
  private func color(_ row: Int, _ column: Int) -> Drawing.Color {
    let share = shares[row][column]
    return share == 0 ? .white : Drawing.Color.white.mixed(with: row == column ? Self.right : Self.wrong, share.squareRoot())
  }
}

extension Drawing.Color {
  /// This colour at 0, the other at 1.
  func mixed(with other: Drawing.Color, _ share: Double) -> Drawing.Color {
    func mix(_ a: UInt8, _ b: UInt8) -> Int { Int((Double(a) + (Double(b) - Double(a)) * share).rounded()) }
    return Drawing.Color(mix(red, other.red) << 16 | mix(green, other.green) << 8 | mix(blue, other.blue))
  }

  /// Whether white text is easier to read on it than black.
  var isDark: Bool { 0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue) < 140 }
}
