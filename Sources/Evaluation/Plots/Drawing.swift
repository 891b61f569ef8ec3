import DeepSwiftDatasets
import Foundation

/// A picture described by its marks, in units of a pixel at normal size, y downward. `svg()` and `png()` show the same.
package struct Drawing: Sendable {
  package struct Color: Sendable, Equatable {
    package var red, green, blue: UInt8

    /// `Color(0x0072B2)`
    package init(_ rgb: Int) {
      (red, green, blue) = (UInt8(rgb >> 16 & 255), UInt8(rgb >> 8 & 255), UInt8(rgb & 255))
    }
    package static let white = Color(0xFFFFFF)
  }

  package struct Point: Sendable, Equatable {
    package var x, y: Double
    package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  package enum Anchor: String, Sendable { case start, middle, end }

  package struct TextStyle: Sendable, Equatable {
    package var size: Double
    package var color: Color
    package var bold: Bool
    package var anchor: Anchor

    package init(
      size: Double = 12, color: Color = Color(0x222222), bold: Bool = false, anchor: Anchor = .start
    ) {
      (self.size, self.color, self.bold, self.anchor) = (size, color, bold, anchor)
    }
  }

  package enum Mark: Sendable, Equatable {
    case rectangle(x: Double, y: Double, width: Double, height: Double, fill: Color)
    /// `dashes`: lengths of dash and gap.
    case line([Point], color: Color, width: Double, dashes: [Double] = [])
    case circle(Point, radius: Double, fill: Color?, stroke: Color, width: Double)
    /// The point is on the baseline.
    case text(String, at: Point, TextStyle)
  }

  package var width, height: Double
  /// What the picture shows, for those who cannot see it.
  package var title: String
  package var marks: [Mark] = []

  package init(width: Double, height: Double, title: String) {
    (self.width, self.height, self.title) = (width, height, title)
  }

  package mutating func add(_ mark: Mark) { marks.append(mark) }
}

extension Drawing {
  /// The picture as a document that scales to any size.
  package func svg() -> String {
    let (width, height) = (number(width), number(height))
    let size = "width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\""
    let fonts = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) role=\"img\" font-family=\"\(fonts)\">",
      "<title>\(escaped(title))</title>",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#FFFFFF\"/>",
    ]
    lines += marks.map(element)
    return lines.joined(separator: "\n") + "\n</svg>\n"
  }

  private func element(_ mark: Mark) -> String {
    switch mark {
    case .rectangle(let x, let y, let width, let height, let fill):
      let box = "x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\""
      return "<rect \(box) fill=\"\(hex(fill))\"/>"
    case .line(let points, let color, let width, let dashes):
      let path = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
      let dash = dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes.map(number).joined(separator: " "))\""
      let stroke = "stroke=\"\(hex(color))\" stroke-width=\"\(number(width))\"\(dash)"
      return "<polyline points=\"\(path)\" fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\" \(stroke)/>"
    case .circle(let center, let radius, let fill, let stroke, let width):
      let place = "cx=\"\(number(center.x))\" cy=\"\(number(center.y))\" r=\"\(number(radius))\""
      let ink = "stroke=\"\(hex(stroke))\" stroke-width=\"\(number(width))\""
      return "<circle \(place) fill=\"\(fill.map(hex) ?? "none")\" \(ink)/>"
    case .text(let text, let point, let style):
      let place = "x=\"\(number(point.x))\" y=\"\(number(point.y))\" font-size=\"\(number(style.size))\""
      let weight = style.bold ? " font-weight=\"bold\"" : ""
      let anchor = style.anchor == .start ? "" : " text-anchor=\"\(style.anchor.rawValue)\""
      return "<text \(place) fill=\"\(hex(style.color))\"\(weight)\(anchor)>\(escaped(text))</text>"
    }
  }

  /// At most two decimals, none that say nothing.
  private func number(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  private func hex(_ color: Color) -> String {
    String(format: "#%02X%02X%02X", Int(color.red), Int(color.green), Int(color.blue))
  }

  /// Text as XML allows it: no control characters, and `&`, `<`, `>` and quotes by name.
  private func escaped(_ text: String) -> String {
    let names: [Unicode.Scalar: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"]
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      let allowed = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
      result += names[scalar] ?? (allowed ? String(scalar) : " ")
    }
  }
}

extension Drawing {
  /// The picture as pixels. Two per unit look sharp on today's screens and in print.
  package func png(scale: Double = 2) -> Data {
    let (columns, rows) = (Int((width * scale).rounded(.up)), Int((height * scale).rounded(.up)))
    var canvas = Canvas(width: columns, height: rows, scale: scale)
    for mark in marks { canvas.draw(mark) }
    return PNG.encode(width: canvas.width, height: canvas.height, rgb: canvas.pixels)
  }
}
