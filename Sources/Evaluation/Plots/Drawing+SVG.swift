import Foundation

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
    case .image(let pixels, let x, let y, let width, let height):
      let box = "x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\""
      // Few large pixels are meant to be seen as such.
      let isLarge = width >= Double(pixels.width) && height >= Double(pixels.height)
      let style = isLarge ? " style=\"image-rendering:pixelated\"" : ""
      // Twice as many pixels as units are enough for the sharpest screen.
      let shown = isLarge ? pixels : pixels.reduced(toFit: Int((width * 2).rounded(.up)), Int((height * 2).rounded(.up)))
      let data = shown.png().base64EncodedString()
      return "<image \(box) preserveAspectRatio=\"none\"\(style) href=\"data:image/png;base64,\(data)\"/>"
    case .text(let text, let point, let style):
      let turn = style.angle == 0 ? "" : " transform=\"rotate(\(number(style.angle)) \(number(point.x)) \(number(point.y)))\""
      let place = "x=\"\(number(point.x))\" y=\"\(number(point.y))\" font-size=\"\(number(style.size))\""
      let weight = style.bold ? " font-weight=\"bold\"" : ""
      let anchor = style.anchor == .start ? "" : " text-anchor=\"\(style.anchor.rawValue)\""
      return "<text \(place) fill=\"\(hex(style.color))\"\(weight)\(anchor)\(turn)>\(escaped(text))</text>"
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
