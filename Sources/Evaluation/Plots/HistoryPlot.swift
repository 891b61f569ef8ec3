import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation

extension History {
  /// Draws the curves of training and validation, accuracy beside loss, into an `.svg` or `.png` file.
  ///
  /// Other metrics get a panel each. A ring marks the best epoch, of the validation where there is one.
  public func plot(to path: String, title: String? = nil) throws {
    try History.plot([("", self)], to: path, title: title)
  }

  /// Draws several trainings into one picture: `History.plot([("512 units", wide), ("16 units", narrow)], to: "sizes.svg")`.
  public static func plot(_ runs: [(String, History)], to path: String, title: String? = nil) throws {
    let format = (path as NSString).pathExtension.lowercased()
    guard ["svg", "png"].contains(format) else {
      throw ModelError(.argument, at: path, "a plot is drawn as .svg or .png; end the path with one of them")
    }
    let plot = HistoryPlot(runs: runs.map { HistoryPlot.Run(name: $0.0, history: $0.1) }, title: title)
    guard !plot.metrics.isEmpty else {
      throw ModelError(.argument, at: path, "there is no epoch to draw; call fit with at least one epoch first")
    }
    let drawing = plot.drawing()
    try Files.write(format == "svg" ? Data(drawing.svg().utf8) : drawing.png(), to: path)
  }
}

/// The picture of one or more histories: a legend on top and a panel for each metric, two in a row.
package struct HistoryPlot {
  package struct Run {
    package var name: String
    package var history: History

    package init(name: String, history: History) { (self.name, self.history) = (name, history) }
  }

  package var runs: [Run]
  package var title: String?

  package init(runs: [Run], title: String? = nil) {
    self.runs = runs
    self.title = title
  }

  /// The metrics that get a panel: what there is of accuracy first, then the loss, then the others by name.
  package var metrics: [String] {
    let keys = Set(runs.flatMap(\.history.keys)).subtracting(["learning_rate"])
    var names = Set(keys.map { $0.hasPrefix("val_") ? String($0.dropFirst(4)) : $0 }).sorted()
    let scores = names.filter { !$0.hasSuffix("loss") }
    let accuracy = ["accuracy", "acc"].first(where: scores.contains) ?? scores.first { $0.hasSuffix("accuracy") }
    for name in ["loss", accuracy ?? scores.first].compactMap(\.self) {
      guard let index = names.firstIndex(of: name) else { continue }
      names.insert(names.remove(at: index), at: 0)
    }
    return names
  }

  package func drawing() -> Drawing {
    let metrics = self.metrics
    let columns = min(2, metrics.count)
    let width = columns == 1 ? 560.0 : 800.0
    let legend = Legend(entries: legendEntries, width: width - 2 * Panel.left)
    let top = (title == nil ? 12.0 : 40.0) + legend.height
    let rows = (metrics.count + columns - 1) / columns
    var drawing = Drawing(
      width: width, height: top + Double(rows) * Panel.height,
      title: title ?? "Training history: \(metrics.joined(separator: ", "))")
    if let title {
      drawing.add(.text(title, at: .init(Panel.left, 28), .init(size: 16, bold: true)))
    }
    legend.draw(on: &drawing, left: Panel.left, top: title == nil ? 12 : 40)
    for (index, metric) in metrics.enumerated() {
      let panel = Panel(
        metric: metric, curves: curves(of: metric), epochs: epochs, best: bestText(metric),
        x: Double(index % columns) * width / Double(columns), y: top + Double(index / columns) * Panel.height,
        width: width / Double(columns))
      panel.draw(on: &drawing)
    }
    return drawing
  }
}

extension HistoryPlot {
  /// Colours that people who see few colours can tell apart (Okabe and Ito), without those too pale for a line.
  package static let colors = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x666666].map(
    Drawing.Color.init)

  private var isComparison: Bool { runs.count > 1 }
  private var hasValidation: Bool { runs.contains { $0.history.keys.contains { $0.hasPrefix("val_") } } }

  /// From the first epoch to the last one of all runs, counted from 1.
  private var epochs: ClosedRange<Int> {
    let all = runs.flatMap(\.history.epochs)
    return (all.min() ?? 0) + 1...(all.max() ?? 0) + 1
  }

  /// One run: a colour for training, one for validation. Several: a colour for each, training dashed.
  private func curves(of metric: String) -> [Curve] {
    let showsDots = epochs.count <= 30
    return runs.enumerated().flatMap { index, run in
      let color = Self.colors[index % Self.colors.count]
      let best = bestName(metric, in: run.history)
      return [metric, "val_" + metric].map { name in
        let isValidation = name != metric
        return Curve(
          points: run.history.points(of: name).map { (epoch: $0.epoch + 1, value: $0.value) },
          color: isValidation && !isComparison ? Self.colors[1] : color,
          dashes: isComparison && hasValidation && !isValidation ? Curve.dashes : [],
          dots: showsDots ? (isValidation ? .open : .filled) : .none,
          best: name == best ? run.history.bestEpoch(for: name).map { $0 + 1 } : nil)
      }
    }
  }

  private func bestName(_ metric: String, in history: History) -> String {
    history["val_" + metric] == nil ? metric : "val_" + metric
  }

  private func bestText(_ metric: String) -> [String] {
    guard let history = runs.first?.history, !isComparison else { return [] }
    let name = bestName(metric, in: history)
    guard let best = history.bestEpoch(for: name), let value = history.logs(epoch: best)?[name] else { return [] }
    return ["best \(shortNumber(value)) in epoch \(best + 1)", "best in epoch \(best + 1)"]
  }

  private var legendEntries: [Legend.Entry] {
    let showsDots = epochs.count <= 30
    func entry(_ name: String, _ color: Drawing.Color, dashes: [Double] = [], dots: Curve.Dots) -> Legend.Entry {
      Legend.Entry(name: name, color: color, dashes: dashes, dots: showsDots ? dots : .none)
    }
    var entries: [Legend.Entry] = []
    if isComparison {
      entries = runs.enumerated().map { entry($1.name, Self.colors[$0 % Self.colors.count], dots: .none) }
      if hasValidation {
        entries.append(entry("training", Self.gray, dashes: Curve.dashes, dots: .filled))
        entries.append(entry("validation", Self.gray, dots: .open))
      }
    } else {
      entries = [entry("training", Self.colors[0], dots: .filled)]
      if hasValidation { entries.append(entry("validation", Self.colors[1], dots: .open)) }
    }
    let hasBest = runs.contains { run in
      metrics.contains { run.history.bestEpoch(for: bestName($0, in: run.history)) != nil }
    }
    return hasBest ? entries + [.init(name: "best epoch", color: Self.ink, isRing: true)] : entries
  }

  static let ink = Drawing.Color(0x222222)
  static let gray = Drawing.Color(0x666666)
}

/// A line through the values of the epochs, with gaps where a value is no number.
struct Curve {
  enum Dots { case none, filled, open }

  var points: [(epoch: Int, value: Double)]
  var color: Drawing.Color
  var dashes: [Double]
  var dots: Dots
  var best: Int?

  static let dashes = [5.0, 3.5]

  /// Runs of numbers between those that are none.
  var pieces: [[(epoch: Int, value: Double)]] {
    points.split { !$0.value.isFinite }.map(Array.init)
  }

  func dot(_ point: Drawing.Point) -> Drawing.Mark {
    .circle(point, radius: 2.6, fill: dots == .open ? .white : color, stroke: color, width: 1.6)
  }
}

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
          drawing.add(Panel.ring(middle))
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

/// The curves of one metric over the epochs.
struct Panel {
  static let left = 58.0, right = 18.0, above = 34.0, below = 46.0, height = 320.0

  var metric: String
  var curves: [Curve]
  var epochs: ClosedRange<Int>
  /// What to say about the best epoch, shorter and shorter.
  var best: [String]
  var x, y, width: Double

  static func ring(_ point: Drawing.Point) -> Drawing.Mark {
    .circle(point, radius: 6.5, fill: nil, stroke: HistoryPlot.ink, width: 1.5)
  }

  func draw(on drawing: inout Drawing) {
    let (left, right) = (x + Panel.left, x + width - Panel.right)
    let (top, bottom) = (y + Panel.above, y + Panel.height - Panel.below)
    let across = Axis(epochs: epochs)
    let up = Axis(values: curves.flatMap { $0.points.map(\.value) })
    func place(_ epoch: Double, _ value: Double) -> Drawing.Point {
      let height = min(1, max(0, up.position(value)))
      return Drawing.Point(left + across.position(epoch) * (right - left), bottom - height * (bottom - top))
    }

    drawTitle(on: &drawing, left: left, right: right, baseline: top - 12)
    drawGrid(on: &drawing, across: across, up: up, place: place, frame: (left, right, top, bottom))
    for curve in curves { drawCurve(curve, on: &drawing, place: place) }
    for curve in curves {
      guard let best = curve.best, let value = curve.points.first(where: { $0.epoch == best })?.value else { continue }
      drawing.add(Panel.ring(place(Double(best), value)))
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
