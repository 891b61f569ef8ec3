import DeepSwift
import Testing

@Suite struct ConfusionPlotTests {
  /// The angles at which the names of the columns are written.
  private func angles(_ names: [String]) throws -> Set<Double> {
    let labels = Array(names.indices), matrix = try ConfusionMatrix(labels: labels, predictions: labels, classNames: names)
    return Set(
      ConfusionPlot(matrix).drawing().marks.compactMap { mark in
        if case .text(let text, _, let style) = mark, names.contains(text), style.anchor != .end || style.angle != 0 {
          return style.angle
        }
        return nil
      })
  }

  @Test func namesThatAreTooWideAreWrittenUpward() throws {
    #expect(try angles(["cat", "dog"]) == [0])
    #expect(try angles((0..<10).map { "kind of clothes \($0)" }) == [-90])
  }

  @Test func longNamesThatBeginAlikeStayDifferent() throws {
    let names = (0..<40).map { "a kind of clothes, the one with number \($0)" }, labels = Array(0..<40)
    let matrix = try ConfusionMatrix(labels: labels, predictions: labels, classNames: names)
    let shown = ConfusionPlot(matrix).drawing().marks.compactMap { mark in
      if case .text(let text, _, let style) = mark, style.angle == 0, text.hasPrefix("a kind") { return text }
      return nil
    }
    #expect(Set(shown).count == 40 && shown.first?.hasSuffix("number 0") == true)
  }

  @Test func largeNumbersAndTitlesDoNotMakeThePictureWide() throws {
    let labels = (0..<24).map { $0 }, few = try ConfusionMatrix(labels: labels, predictions: labels)
    let counts = (0..<24).flatMap { Array(repeating: $0, count: 100_000) }
    let many = try ConfusionMatrix(labels: counts, predictions: counts)
    for matrix in [few, many] {
      #expect(ConfusionPlot(matrix, title: String(repeating: "A title ", count: 99)).drawing().width <= 1200)
    }
  }

  @Test func trueClassesStandInRows() throws {
    let matrix = try ConfusionMatrix(labels: [0, 0, 0, 1], predictions: [0, 1, 1, 1], classNames: ["a", "b"])
    let numbers = ConfusionPlot(matrix).drawing().marks.compactMap { mark -> (text: String, at: Drawing.Point)? in
      if case .text(let text, let point, _) = mark, Int(text) != nil { return (text, point) }
      return nil
    }
    let inOrder = numbers.sorted { ($0.at.y, $0.at.x) < ($1.at.y, $1.at.x) }.map(\.text)
    #expect(inOrder == ["1", "2", "0", "1"])
  }
}
