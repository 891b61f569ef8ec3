import DeepSwift
import Foundation
import FoundationXML
import Testing

@Suite struct HistoryPlotTests {
  static func history(_ epochs: Int, _ logs: (Int) -> Logs) -> History {
    var history = History()
    for epoch in 0..<epochs { history.append(epoch: epoch, logs: logs(epoch)) }
    return history
  }

  static let five = history(5) { epoch in
    let value = Double(epoch)
    return [
      "accuracy": 0.5 + value / 10, "loss": 1 - value / 5, "val_accuracy": [0.5, 0.6, 0.7, 0.65, 0.6][epoch],
      "val_loss": [1, 0.8, 0.9, 0.9, 1][epoch], "learning_rate": 0.001,
    ]
  }

  static func drawing(_ history: History) -> Drawing {
    HistoryPlot(runs: [.init(name: "", history: history)]).drawing()
  }

  static func texts(_ drawing: Drawing) -> [String] {
    drawing.marks.compactMap { if case .text(let text, _, _) = $0 { text } else { nil } }
  }

  /// The curves: grid and axes are thinner, the lines of the legend lie above the panels.
  static func curves(_ drawing: Drawing) -> [(points: [Drawing.Point], color: Drawing.Color, dashes: [Double])] {
    drawing.marks.compactMap {
      guard case .line(let points, let color, let width, let dashes) = $0, width > 1, points[0].y > 40 else {
        return nil
      }
      return (points, color, dashes)
    }
  }

  static func rings(_ drawing: Drawing) -> [Drawing.Point] {
    drawing.marks.compactMap {
      guard case .circle(let center, _, nil, _, _) = $0, center.y > 40 else { return nil }
      return center
    }
  }

  @Test func accuracyIsLeftOfLossAndTheLearningRateIsLeftOut() {
    func metrics(_ keys: String...) -> [String] {
      let history = Self.history(1) { _ in Logs(keys.map { ($0, 1) }) }
      return HistoryPlot(runs: [.init(name: "", history: history)]).metrics
    }
    #expect(metrics("loss", "val_loss", "accuracy", "val_accuracy", "learning_rate") == ["accuracy", "loss"])
    #expect(metrics("loss", "mae", "mse") == ["mae", "loss", "mse"])
    #expect(metrics("loss", "accuracy", "auc", "top_3_accuracy") == ["accuracy", "loss", "auc", "top_3_accuracy"])
    #expect(metrics("class_accuracy", "class_loss", "loss") == ["class_accuracy", "loss", "class_loss"])
    #expect(metrics("loss") == ["loss"])
    #expect(metrics("learning_rate") == [])
  }

  @Test func knownPointsLieWhereTheyShould() throws {
    let drawing = Self.drawing(Self.five)
    #expect(drawing.width == 800)
    let curves = Self.curves(drawing)
    #expect(curves.count == 4)
    // Accuracy goes from 0.5 to 0.9, with 6 % margins; the frame is 324 wide and 240 high.
    let accuracy = try #require(curves.first)
    #expect(accuracy.points.count == 5)
    #expect(accuracy.color == HistoryPlot.colors[0])
    let (first, last) = (accuracy.points[0], accuracy.points[4])
    #expect(abs(first.x - (58 + 324 * 0.1)) < 1e-9)
    #expect(abs(last.x - (58 + 324 * 0.9)) < 1e-9)
    #expect(abs(first.y - last.y - 240 / 1.12) < 1e-9)
    let frameBottom = 12 + 20 + 320 - 46.0
    #expect(abs(frameBottom - first.y - 240 * 0.06 / 1.12) < 1e-9)
  }

  @Test func theBestEpochOfTheValidationHasARing() {
    let drawing = Self.drawing(Self.five)
    let validation = Self.curves(drawing).filter { $0.color == HistoryPlot.colors[1] }.map(\.points)
    #expect(Self.rings(drawing) == [validation[0][2], validation[1][1]])
    let texts = Self.texts(drawing)
    #expect(texts.contains("best 0.7000 in epoch 3"))
    #expect(texts.contains("best 0.8000 in epoch 2"))
    for word in ["training", "validation", "best epoch", "accuracy", "loss", "epoch"] { #expect(texts.contains(word)) }
  }

  @Test func numbersThatAreNoneLeaveGapsAndCrosses() {
    let loss = [0.5, 0.4, .nan, 0.3, .infinity, 0.35, 0.36]
    let drawing = Self.drawing(Self.history(7) { ["loss": loss[$0]] })
    #expect(drawing.width == 560)
    // Two pieces of the curve, and two crosses of two strokes each; the single point between is a dot.
    #expect(Self.curves(drawing).map(\.points.count) == [2, 2, 2, 2, 2, 2])
    let circles = drawing.marks.filter { if case .circle = $0 { true } else { false } }
    #expect(circles.count == 5 + 1 + 2)
  }

  @Test func missingValuesAreBridged() {
    let drawing = Self.drawing(Self.history(6) { $0 % 2 == 1 ? ["loss": 1, "val_loss": 2] : ["loss": 1] })
    #expect(Self.curves(drawing).map(\.points.count) == [6, 3])
  }

  @Test func oneEpochIsADotAndHundredsAreALine() {
    let one = Self.drawing(Self.history(1) { _ in ["loss": 0.5] })
    #expect(Self.curves(one).isEmpty)
    #expect(one.marks.contains { if case .circle(_, 2.6, _, _, _) = $0 { true } else { false } })
    let many = Self.drawing(Self.history(300) { ["loss": 1 / Double($0 + 1)] })
    #expect(Self.curves(many).map(\.points.count) == [300])
    #expect(!many.marks.contains { if case .circle(_, 2.6, _, _, _) = $0 { true } else { false } })
  }

  @Test func nothingButNaNSaysSo() {
    #expect(Self.texts(Self.drawing(Self.history(2) { _ in ["loss": .nan] })).contains("all values are nan"))
  }

  @Test func severalRunsHaveAColourEachAndDashedTraining() {
    let runs = [("512 units", Self.five), ("16 units", Self.five)].map { HistoryPlot.Run(name: $0.0, history: $0.1) }
    let drawing = HistoryPlot(runs: runs, title: "Sizes").drawing()
    let curves = Self.curves(drawing).filter { $0.points.count == 5 }
    #expect(curves.count == 8)
    for (index, curve) in curves.enumerated() {
      #expect(curve.color == HistoryPlot.colors[index / 2 % 2])
      #expect(curve.dashes.isEmpty == (index % 2 == 1))
    }
    for word in ["512 units", "16 units", "Sizes"] { #expect(Self.texts(drawing).contains(word)) }
  }

  @Test func ofManyRunsOnlyTheValidationIsDrawn() {
    let drawing = HistoryPlot(runs: (0..<9).map { .init(name: "run \($0)", history: Self.five) }).drawing()
    let curves = Self.curves(drawing).filter { $0.points.count == 5 }
    #expect(curves.count == 18)
    #expect(!Self.texts(drawing).contains("training") && Self.texts(drawing).contains("val_loss"))
    // The eighth run has the first one's colour again, but dashes.
    #expect(curves[7].color == curves[0].color && curves[7].dashes != curves[0].dashes)
  }

  @Test func noTwoOfManyRunsLookAlike() {
    let drawing = HistoryPlot(runs: (0..<28).map { .init(name: "run \($0)", history: Self.five) }).drawing()
    let curves = Self.curves(drawing).filter { $0.points.count == 5 }.prefix(28)
    #expect(Set(curves.map { "\($0.color) \($0.dashes)" }).count == 28)
  }

  @Test func aLongTitleEndsWithinThePicture() throws {
    let title = String(repeating: "A long title ", count: 20)
    let drawing = HistoryPlot(runs: [.init(name: "", history: Self.five)], title: title).drawing()
    let shown = try #require(Self.texts(drawing).first)
    #expect(shown.hasPrefix("A long title") && shown.hasSuffix("..."))
    #expect(StrokeFont.plain.width(of: shown, size: 16, bold: true) < drawing.width - 60)
  }

  @Test func longNumbersOfAnAxisHaveRoom() {
    let drawing = Self.drawing(Self.history(3) { ["auc": 0.999998 + Double($0) * 1e-7, "loss": 1] })
    let style = Drawing.TextStyle(size: 12)
    for mark in drawing.marks {
      guard case .text(let text, let point, let own) = mark, own.anchor == .end else { continue }
      #expect(point.x - StrokeFont.plain.width(of: text, size: style.size) >= 0, "\(text)")
    }
  }

  @Test func manyLongNamesTakeMoreLines() {
    let few = HistoryPlot(runs: (0..<2).map { .init(name: "run \($0)", history: Self.five) }).drawing()
    let long = String(repeating: "long ", count: 30)
    let many = HistoryPlot(runs: (0..<9).map { .init(name: "\(long) \($0)", history: Self.five) }).drawing()
    #expect(many.height > few.height)
    for mark in many.marks {
      if case .text(let text, let point, let style) = mark, style.anchor == .start {
        #expect(point.x + StrokeFont.plain.width(of: text, size: style.size) <= 800)
      }
    }
  }

  @Test func filesAreWellFormed() throws {
    let folder = try TemporaryFolder()
    let svg = folder.path("a <run> & more.svg")
    try History.plot([("a < b & c", Self.five), ("\"two\"", Self.five)], to: svg, title: "1 < 2")
    let parser = XMLParser(data: try Data(contentsOf: URL(fileURLWithPath: svg)))
    #expect(parser.parse())

    let png = folder.path("plot.PNG")
    try Self.five.plot(to: png)
    let picture = try PNGReader(Data(contentsOf: URL(fileURLWithPath: png)))
    let drawing = Self.drawing(Self.five)
    #expect(picture.width == 1600 && picture.height == Int(drawing.height) * 2)
    // The middle of the last dot of training has the colour of training.
    let dot = try #require(Self.curves(drawing).first?.points.last)
    #expect(picture.pixel(Int(dot.x * 2), Int(dot.y * 2)) == [0x00, 0x72, 0xB2])
    #expect(picture.pixel(1, 1) == [255, 255, 255])
  }

  @Test func errorsSayWhatToDo() {
    #expect(
      throws: ModelError(.argument, at: "a.pdf", "a plot is drawn as .svg or .png; end the path with one of them")
    ) {
      try Self.five.plot(to: "a.pdf")
    }
    #expect(
      throws: ModelError(
        .argument, at: "a.svg", "there is no epoch to draw; call fit with at least one epoch first")
    ) { try History().plot(to: "a.svg") }
  }
}
