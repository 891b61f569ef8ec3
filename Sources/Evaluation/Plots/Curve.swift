/// A line through the values of the epochs, with gaps where a value is no number.
struct Curve {
  enum Dots { case none, filled, open }

  var points: [(epoch: Int, value: Double)]
  var color: Drawing.Color
  var dashes: [Double]
  var dots: Dots
  var best: Int?
  /// The colour of the ring around the best epoch.
  var ring = HistoryPlot.ink

  static let dashes = [5.0, 3.5]
  /// What tells runs apart that share a colour.
  static let furtherDashes = [[11.0, 4.0], [1.0, 4.0], [11.0, 4.0, 1.0, 4.0]]

  /// Runs of numbers between those that are none.
  var pieces: [[(epoch: Int, value: Double)]] {
    points.split { !$0.value.isFinite }.map(Array.init)
  }

  func dot(_ point: Drawing.Point) -> Drawing.Mark {
    .circle(point, radius: 2.6, fill: dots == .open ? .white : color, stroke: color, width: 1.6)
  }
}
