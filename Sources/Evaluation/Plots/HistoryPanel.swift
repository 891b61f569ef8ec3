import DeepSwiftTraining

/// The curves of one metric over the epochs.
struct HistoryPanel {
  static let leastLeft = 58.0, right = 18.0, above = 34.0, below = 46.0, height = 320.0

  var metric: String
  var curves: [Curve]
  var epochs: ClosedRange<Int>
  /// What to say about the best epoch, shorter and shorter.
  var best: [String]
  var x, y, width: Double
  /// The room for the numbers of the axis.
  var left = HistoryPanel.leastLeft

  /// The axis of the values.
  var up: Axis { Axis(values: curves.flatMap { $0.points.map(\.value) }) }

  /// The room that the numbers of the axis need.
  var leftForLabels: Double {
    let widest = up.ticks.map { StrokeFont.plain.width(of: $0.label, size: 12) * 1.1 }.max() ?? 0
    return max(Self.leastLeft, (widest + 14).rounded(.up))
  }

  static func ring(_ point: Drawing.Point, _ color: Drawing.Color = HistoryPlot.ink) -> Drawing.Mark {
    .circle(point, radius: 6.5, fill: nil, stroke: color, width: 1.5)
  }

  func draw(on drawing: inout Drawing) {
    let (left, right) = (x + self.left, x + width - HistoryPanel.right)
    let (top, bottom) = (y + HistoryPanel.above, y + HistoryPanel.height - HistoryPanel.below)
    let across = Axis(epochs: epochs)
    let up = self.up
    func place(_ epoch: Double, _ value: Double) -> Drawing.Point {
      let height = min(1, max(0, up.position(value)))
      return Drawing.Point(left + across.position(epoch) * (right - left), bottom - height * (bottom - top))
    }

    drawTitle(on: &drawing, left: left, right: right, baseline: top - 12)
    drawGrid(on: &drawing, across: across, up: up, place: place, frame: (left, right, top, bottom))
    for curve in curves { drawCurve(curve, on: &drawing, place: place) }
    for curve in curves {
      guard let best = curve.best, let value = curve.points.first(where: { $0.epoch == best })?.value else { continue }
      drawing.add(HistoryPanel.ring(place(Double(best), value), curve.ring))
    }
    drawWarning(on: &drawing, at: .init((left + right) / 2, (top + bottom) / 2), bottom: bottom, place: place)
  }

  private func drawTitle(on drawing: inout Drawing, left: Double, right: Double, baseline: Double) {
    let title = Drawing.TextStyle(size: 14, bold: true)
    drawing.add(.text(metric, at: .init(left, baseline), title))
    let taken = StrokeFont.plain.width(of: metric, size: 14, bold: true) * 1.1 + 16
    let fitting = best.first { taken + StrokeFont.plain.width(of: $0, size: 12) * 1.1 <= right - left }
    if let fitting {
      let style = Drawing.TextStyle(size: 12, color: HistoryPlot.gray, anchor: .end)
      drawing.add(.text(fitting, at: .init(right, baseline), style))
    }
  }

  private func drawGrid(
    on drawing: inout Drawing, across: Axis, up: Axis, place: (Double, Double) -> Drawing.Point,
    frame: (left: Double, right: Double, top: Double, bottom: Double)
  ) {
    let grid = Drawing.Color(0xE8E8E8), axis = Drawing.Color(0x8A8A8A)
    let style = Drawing.TextStyle(size: 12, color: .init(0x444444))
    for tick in up.ticks {
      let y = place(across.lower, tick.value).y
      drawing.add(.line([.init(frame.left, y), .init(frame.right, y)], color: grid, width: 1))
      var label = style
      label.anchor = .end
      drawing.add(.text(tick.label, at: .init(frame.left - 7, y + 4), label))
    }
    var label = style
    label.anchor = .middle
    for tick in across.ticks {
      let x = place(tick.value, up.lower).x
      drawing.add(.line([.init(x, frame.top), .init(x, frame.bottom)], color: grid, width: 1))
      drawing.add(.line([.init(x, frame.bottom), .init(x, frame.bottom + 4)], color: axis, width: 1))
      drawing.add(.text(tick.label, at: .init(x, frame.bottom + 17), label))
    }
    let corner = Drawing.Point(frame.left, frame.bottom)
    drawing.add(
      .line([.init(frame.left, frame.top), corner, .init(frame.right, frame.bottom)], color: axis, width: 1))
    drawing.add(.text("epoch", at: .init((frame.left + frame.right) / 2, frame.bottom + 36), label))
  }

  private func drawCurve(_ curve: Curve, on drawing: inout Drawing, place: (Double, Double) -> Drawing.Point) {
    for piece in curve.pieces {
      let points = piece.map { place(Double($0.epoch), $0.value) }
      let width = epochs.count <= 60 ? 2 : 1.5
      if points.count > 1 { drawing.add(.line(points, color: curve.color, width: width, dashes: curve.dashes)) }
      // A number between two that are none would not be seen without its dot.
      if curve.dots != .none || points.count == 1 { for point in points { drawing.add(curve.dot(point)) } }
    }
  }

  /// A cross on the axis for each epoch whose value is no number, or a word if none is.
  private func drawWarning(
    on drawing: inout Drawing, at middle: Drawing.Point, bottom: Double, place: (Double, Double) -> Drawing.Point
  ) {
    let points = curves.flatMap(\.points)
    guard points.contains(where: { $0.value.isFinite }) else {
      let style = Drawing.TextStyle(size: 13, color: HistoryPlot.gray, anchor: .middle)
      let values = Set(points.map { shortNumber($0.value) }).sorted().joined(separator: ", ")
      return drawing.add(.text(values.isEmpty ? "no values" : "all values are \(values)", at: middle, style))
    }
    for curve in curves {
      for point in curve.points where !point.value.isFinite {
        let x = place(Double(point.epoch), 0).x
        for slope in [-3.5, 3.5] {
          let ends = [Drawing.Point(x - 3.5, bottom - slope), .init(x + 3.5, bottom + slope)]
          drawing.add(.line(ends, color: curve.color, width: 2))
        }
      }
    }
  }
}
