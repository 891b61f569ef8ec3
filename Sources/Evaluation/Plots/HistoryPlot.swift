import DeepSwiftEngine
import DeepSwiftTraining

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
    var panels = metrics.map { metric in
      let isValidation = !showsTraining && runs.contains { $0.history["val_" + metric] != nil }
      return HistoryPanel(
        metric: isValidation ? "val_" + metric : metric, curves: curves(of: metric), epochs: epochs, best: bestText(metric),
        x: 0, y: 0, width: 0)
    }
    let left = panels.map(\.leftForLabels).max() ?? HistoryPanel.leastLeft
    let legend = Legend(entries: legendEntries, width: width - left - HistoryPanel.right)
    let top = (title == nil ? 12.0 : 40.0) + legend.height
    let rows = (metrics.count + columns - 1) / columns
    var drawing = Drawing(
      width: width, height: top + Double(rows) * HistoryPanel.height,
      title: title ?? "Training history: \(metrics.joined(separator: ", "))")
    if let title {
      let style = Drawing.TextStyle(size: 16, bold: true)
      let shortened = StrokeFont.plain.shortened(title, style, to: width - left - HistoryPanel.right)
      drawing.add(.text(shortened, at: .init(left, 28), style))
    }
    legend.draw(on: &drawing, left: left, top: title == nil ? 12 : 40)
    for index in panels.indices {
      panels[index].x = Double(index % columns) * width / Double(columns)
      panels[index].y = top + Double(index / columns) * HistoryPanel.height
      (panels[index].width, panels[index].left) = (width / Double(columns), left)
      panels[index].draw(on: &drawing)
    }
    return drawing
  }
}

extension HistoryPlot {
  /// Colours that people who see few colours can tell apart (Okabe and Ito), without those too pale for a line.
  package static let colors = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x666666].map(
    Drawing.Color.init)

  private var isComparison: Bool { runs.count > 1 }
  /// Many runs with two curves each cannot be told apart any more: of those, only the validation is drawn.
  private var showsTraining: Bool { runs.count <= 4 || !hasValidation }
  private var showsDots: Bool { epochs.count <= 30 && runs.count <= 4 }

  /// After the last colour the first ones come again, with dashes, and then with other ones.
  private func dashes(_ index: Int) -> [Double] {
    let round = index / Self.colors.count
    return round == 0 ? [] : Curve.furtherDashes[(round - 1) % Curve.furtherDashes.count]
  }
  private var hasValidation: Bool { runs.contains { $0.history.keys.contains { $0.hasPrefix("val_") } } }

  /// From the first epoch to the last one of all runs, counted from 1.
  private var epochs: ClosedRange<Int> {
    let all = runs.flatMap(\.history.epochs)
    return (all.min() ?? 0) + 1...(all.max() ?? 0) + 1
  }

  /// One run: a colour for training, one for validation. Several: a colour for each, training dashed.
  private func curves(of metric: String) -> [Curve] {
    runs.enumerated().flatMap { index, run in
      let color = Self.colors[index % Self.colors.count]
      let best = bestName(metric, in: run.history)
      let names = showsTraining || run.history["val_" + metric] == nil ? [metric, "val_" + metric] : ["val_" + metric]
      return names.map { name in
        let isValidation = name != metric
        return Curve(
          points: run.history.points(of: name).map { (epoch: $0.epoch + 1, value: $0.value) },
          color: isValidation && !isComparison ? Self.colors[1] : color,
          dashes: isComparison && hasValidation && !isValidation ? Curve.dashes : dashes(index),
          dots: showsDots ? (isValidation ? .open : .filled) : .none,
          best: name == best ? run.history.bestEpoch(for: name).map { $0 + 1 } : nil,
          ring: isComparison ? color : Self.ink)
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
    func entry(_ name: String, _ color: Drawing.Color, dashes: [Double] = [], dots: Curve.Dots) -> Legend.Entry {
      Legend.Entry(name: name, color: color, dashes: dashes, dots: showsDots ? dots : .none)
    }
    var entries: [Legend.Entry] = []
    if isComparison {
      entries = runs.enumerated().map {
        entry($1.name, Self.colors[$0 % Self.colors.count], dashes: dashes($0), dots: .none)
      }
      if hasValidation, showsTraining {
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
