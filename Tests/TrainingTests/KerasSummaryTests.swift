import DeepSwift
import TestSupport
import Testing

/// The text of `summary()` against real Keras, character by character.
@Suite struct KerasSummaryTests {
  /// What Keras says otherwise, and why that stays so.
  static func ours(_ text: String, _ item: Fixture) -> String {
    // Names count within each model here; see `KerasNamesTests`.
    guard item("model")("name").string == "outer" else { return text }
    return text.replacing("dense_1 (Dense)  ", with: "dense (Dense)    ")
  }

  @Test func printsWhatKerasPrints() throws {
    let file = Fixture(file: "summary"), columns = file("columns").int
    for item in file("cases").list {
      let title = "\(item("model").text.prefix(60)) \(item("state").string!) \(item("arguments").text)"
      let given = item("model")
      guard !given("layers").list.contains(where: { standIns.contains($0["class"]?.string ?? "") }) else { continue }
      let model: Model
      do { model = try TestSupport.model(given) } catch is FixtureGap { continue }
      for name in item["frozen"]?.strings ?? [] { try model.layer(named: name).trainable = false }
      if let optimizer = item["optimizer"] {
        try model.compile(optimizer: try TestSupport.optimizer(optimizer), loss: .meanSquaredError)
      }
      if item("state").string == "built", item["optimizer"] != nil {
        // The optimizer gets its numbers with the first step.
        let inputs = given["inputs"]?.list ?? [given]
        let x = inputs.map { Tensor.zeros(Shape([1] + ($0["shape"] ?? $0("inputShape")).ints)) }
        let out = model.layers.last!.outputShape!
        try model.trainOnBatch(x, Tensor.zeros(Shape([1] + out.dimensions)))
      }
      let a = FixtureArguments(item("arguments"))
      let showsTrainable = a.bool("show_trainable", false)
      let text = model.summaryText(
        lineLength: a["line_length"]?.int ?? min(columns - 4, (model is Sequential ? 88 : 108) + (showsTrainable ? 12 : 0)),
        showTrainable: showsTrainable, expandNested: a.bool("expand_nested", false))
      try a.finish("summary")
      #expect(lines(text) == lines(Self.ours(item("text").string!, item)), "\(title)")
    }
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: true).map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return String(line)
    }
  }
}
