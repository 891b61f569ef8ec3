import DeepSwiftEvaluation

/// Panels beside each other; sizes stand at equal distances.
struct ScalingPlot {
  let panels: [(title: String, across: String, series: [Scaling.Series])]
  private let colors = [Drawing.Color(0x0072B2), Drawing.Color(0xD55E00), Drawing.Color(0x009E73)]
  private let panelWidth = 330.0, height = 300.0

  init(panels: [(title: String, across: String, series: [Scaling.Series])]) { self.panels = panels }

  func drawing() -> Drawing {
    var drawing = Drawing(
      width: panelWidth * Double(panels.count), height: height, title: "Training steps by batch size, width and threads")
    for index in panels.indices { draw(index, on: &drawing) }
    return drawing
  }

  private func draw(_ index: Int, on drawing: inout Drawing) {
    let panel = panels[index], labels = panel.series[0].points.map(\.label)
    let left = panelWidth * Double(index) + 64, right = panelWidth * Double(index + 1) - 20, top = 44.0, bottom = height - 46
    let up = Axis(values: [0] + panel.series.flatMap { $0.points.map(\.value) })
    func place(_ column: Int, _ value: Double) -> Drawing.Point {
      let share = labels.count > 1 ? Double(column) / Double(labels.count - 1) : 0.5
      return .init(left + 12 + share * (right - left - 24), bottom - up.position(value) * (bottom - top))
    }

    drawing.add(.text(panel.title, at: .init(left, 22), .init(size: 14, bold: true)))
    for tick in up.ticks {
      let y = place(0, tick.value).y
      drawing.add(.line([.init(left, y), .init(right, y)], color: .init(0xE8E8E8), width: 1))
      drawing.add(.text(tick.label, at: .init(left - 7, y + 4), .init(color: .init(0x444444), anchor: .end)))
    }
    for (column, label) in labels.enumerated() {
      let x = place(column, 0).x
      drawing.add(.text(label, at: .init(x, bottom + 17), .init(color: .init(0x444444), anchor: .middle)))
    }
    drawing.add(.line([.init(left, top), .init(left, bottom), .init(right, bottom)], color: .init(0x8A8A8A), width: 1))
    drawing.add(.text(panel.across, at: .init((left + right) / 2, bottom + 36), .init(color: .init(0x444444), anchor: .middle)))
    for (number, series) in panel.series.enumerated() {
      let color = colors[number % colors.count], points = series.points.enumerated().map { place($0, $1.value) }
      drawing.add(.line(points, color: color, width: 2))
      for point in points { drawing.add(.circle(point, radius: 2.6, fill: color, stroke: color, width: 1.6)) }
      let name = Drawing.Point(left + 12, top + 14 + 16 * Double(number))
      drawing.add(.text(series.name, at: name, .init(size: 12, color: color, bold: true)))
    }
  }
}
