import DeepSwiftEngine
import DeepSwiftTraining

extension History {
  /// Draws the curves of training and validation, accuracy beside loss, into an `.svg` or `.png` file.
  ///
  /// Other metrics get a panel each. A ring marks the best epoch, of the validation where there is one.
  public func plot(to path: String, title: String? = nil) throws {
    try History.plot([("", self)], to: path, title: title)
  }

  /// Draws several trainings into one picture: `History.plot([("512 units", wide), ("16 units", narrow)], to: "sizes.svg")`.
  public static func plot(_ runs: [(String, History)], to path: String, title: String? = nil) throws {
    try Drawing.checkFormat(path)
    let plot = HistoryPlot(runs: runs.map { HistoryPlot.Run(name: $0.0, history: $0.1) }, title: title)
    guard !plot.metrics.isEmpty else {
      throw ModelError(.argument, at: path, "there is no epoch to draw; call fit with at least one epoch first")
    }
    try plot.drawing().write(to: path)
  }

  /// Draws several trainings into one picture, in the order in which they are written:
  /// `History.plot(["512 units": wide, "16 units": narrow], to: "sizes.svg")`.
  public static func plot(_ runs: KeyValuePairs<String, History>, to path: String, title: String? = nil) throws {
    try plot(runs.map { ($0.key, $0.value) }, to: path, title: title)
  }

  /// Draws several trainings into one picture, in alphabetical order.
  @_disfavoredOverload
  public static func plot(_ runs: [String: History], to path: String, title: String? = nil) throws {
    try plot(runs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, to: path, title: title)
  }
}
