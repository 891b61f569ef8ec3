import Foundation

/// Pixels, white at first, that marks are drawn on with smooth edges.
package struct Canvas {
  package var width: Int { pixels.width }
  package var height: Int { pixels.height }
  package private(set) var pixels: Pixels

  private let scale: Double
  /// How much of each pixel the mark in hand covers. Strokes that overlap count once.
  private var coverage: [Float]
  private var touched = (left: Int.max, right: -1, top: Int.max, bottom: -1)

  /// - Parameter scale: pixels per unit of a drawing.
  package init(width: Int, height: Int, scale: Double) {
    self.scale = scale
    pixels = Pixels(width: width, height: height, rgb: [UInt8](repeating: 255, count: width * height * 3))
    coverage = [Float](repeating: 0, count: width * height)
  }

  package mutating func draw(_ mark: Drawing.Mark) {
    switch mark {
    case .rectangle(let x, let y, let width, let height, let fill):
      cover(x: x * scale, y: y * scale, width: width * scale, height: height * scale)
      paint(fill)
    case .line(let points, let color, let width, let dashes):
      for path in Canvas.dashed(points, dashes) { cover(path, width: width) }
      paint(color)
    case .circle(let center, let radius, let fill, let stroke, let width):
      if let fill {
        cover(distance: radius, from: center, to: center)
        paint(fill)
      }
      cover(ring: center, radius: radius, width: width)
      paint(stroke)
    case .image(let image, let x, let y, let width, let height):
      let (left, top) = (Int((x * scale).rounded()), Int((y * scale).rounded()))
      let (right, bottom) = (Int(((x + width) * scale).rounded()), Int(((y + height) * scale).rounded()))
      guard right > left, bottom > top else { return }
      pixels.paste(image.resized(right - left, bottom - top), left: left, top: top)
    case .text(let text, let point, let style):
      let font = StrokeFont.plain
      let length = font.width(of: text, size: style.size, bold: style.bold)
      let shift = style.anchor == .start ? 0 : style.anchor == .middle ? length / 2 : length
      let origin = Drawing.Point(point.x - shift, point.y)
      let paths = font.paths(of: text, at: origin, size: style.size, bold: style.bold)
      for path in paths {
        let turned = style.angle == 0 ? path : path.map { $0.turned(by: style.angle, about: point) }
        cover(turned, width: style.size * (style.bold ? 0.12 : 0.085))
      }
      paint(style.color)
    }
  }

  /// The parts of a path that its dashes leave.
  static func dashed(_ points: [Drawing.Point], _ dashes: [Double]) -> [[Drawing.Point]] {
    guard dashes.reduce(0, +) > 0, let first = points.first else { return [points] }
    var paths: [[Drawing.Point]] = [[first]]
    var index = 0
    var left = dashes[0]
    for (start, end) in zip(points, points.dropFirst()) {
      let length = ((end.x - start.x) * (end.x - start.x) + (end.y - start.y) * (end.y - start.y)).squareRoot()
      var done = 0.0
      while length - done > left {
        done += left
        let part = done / length
        let point = Drawing.Point(start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part)
        if index.isMultiple(of: 2) { paths[paths.count - 1].append(point) } else { paths.append([point]) }
        index += 1
        left = dashes[index % dashes.count]
      }
      left -= length - done
      if index.isMultiple(of: 2) { paths[paths.count - 1].append(end) }
    }
    return paths
  }
}

extension Canvas {
  private mutating func cover(_ path: [Drawing.Point], width: Double) {
    if path.count == 1 { cover(distance: width / 2, from: path[0], to: path[0]) }
    for (start, end) in zip(path, path.dropFirst()) { cover(distance: width / 2, from: start, to: end) }
  }

  /// Everything within a distance of the segment; half a pixel of the edge is blended.
  private mutating func cover(distance: Double, from start: Drawing.Point, to end: Drawing.Point) {
    let (x0, y0, x1, y1) = (start.x * scale, start.y * scale, end.x * scale, end.y * scale)
    let reach = distance * scale
    let (dx, dy) = (x1 - x0, y1 - y0)
    let square = dx * dx + dy * dy
    cover(left: min(x0, x1) - reach, right: max(x0, x1) + reach, top: min(y0, y1) - reach, bottom: max(y0, y1) + reach) {
      let along = square > 0 ? min(1, max(0, (($0 - x0) * dx + ($1 - y0) * dy) / square)) : 0
      let (x, y) = ($0 - x0 - along * dx, $1 - y0 - along * dy)
      return reach + 0.5 - (x * x + y * y).squareRoot()
    }
  }

  private mutating func cover(ring center: Drawing.Point, radius: Double, width: Double) {
    let (cx, cy, middle, reach) = (center.x * scale, center.y * scale, radius * scale, width * scale / 2)
    let outer = middle + reach
    cover(left: cx - outer, right: cx + outer, top: cy - outer, bottom: cy + outer) {
      reach + 0.5 - abs((($0 - cx) * ($0 - cx) + ($1 - cy) * ($1 - cy)).squareRoot() - middle)
    }
  }

  private mutating func cover(x: Double, y: Double, width: Double, height: Double) {
    cover(left: x, right: x + width, top: y, bottom: y + height) {
      let columns = min($0 + 0.5, x + width) - max($0 - 0.5, x)
      let rows = min($1 + 0.5, y + height) - max($1 - 0.5, y)
      return max(0, columns) * max(0, rows)
    }
  }

  private mutating func cover(
    left: Double, right: Double, top: Double, bottom: Double, _ amount: (_ x: Double, _ y: Double) -> Double
  ) {
    func pixels(_ first: Double, _ last: Double, of count: Int) -> Range<Int> {
      let start = min(count, max(0, Int(first) - 1))
      return start..<max(start, min(count, Int(last) + 2))
    }
    let (columns, rows) = (pixels(left, right, of: width), pixels(top, bottom, of: height))
    guard !columns.isEmpty, !rows.isEmpty else { return }
    for row in rows {
      for column in columns {
        let covered = Float(min(1, amount(Double(column) + 0.5, Double(row) + 0.5)))
        if covered > coverage[row * width + column] { coverage[row * width + column] = covered }
      }
    }
    touched.left = min(touched.left, columns.lowerBound)
    touched.right = max(touched.right, columns.upperBound - 1)
    touched.top = min(touched.top, rows.lowerBound)
    touched.bottom = max(touched.bottom, rows.upperBound - 1)
  }

  /// Lays the colour over what is covered and starts afresh.
  private mutating func paint(_ color: Drawing.Color) {
    guard touched.right >= touched.left else { return }
    for row in touched.top...touched.bottom {
      for index in row * width + touched.left...row * width + touched.right where coverage[index] > 0 {
        let amount = coverage[index]
        coverage[index] = 0
        blend(index * 3, color.red, amount)
        blend(index * 3 + 1, color.green, amount)
        blend(index * 3 + 2, color.blue, amount)
      }
    }
    touched = (left: Int.max, right: -1, top: Int.max, bottom: -1)
  }

  private mutating func blend(_ index: Int, _ value: UInt8, _ amount: Float) {
    let old = Float(pixels.rgb[index])
    pixels.rgb[index] = UInt8((old + (Float(value) - old) * amount).rounded())
  }
}

extension Drawing.Point {
  /// - Parameter angle: in degrees, clockwise as y points downward.
  fileprivate func turned(by angle: Double, about center: Drawing.Point) -> Drawing.Point {
    let (sine, cosine) = (sin(angle * .pi / 180), cos(angle * .pi / 180))
    let (dx, dy) = (x - center.x, y - center.y)
    return Drawing.Point(center.x + dx * cosine - dy * sine, center.y + dx * sine + dy * cosine)
  }
}
