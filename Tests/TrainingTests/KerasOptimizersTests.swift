import DeepSwift
import TestSupport
import Testing

/// Twenty steps of every optimizer with given gradients against real Keras, and its own numbers after them.
@Suite struct KerasOptimizersTests {
  static let file = Fixture(file: "optimizers")
  static let cases = file("cases").list

  /// `Σ kernel · a + Σ bias · b`: with a and b as data, they are the gradients.
  struct Sum: MergingLayer {
    func forward(_ inputs: [Node], _ weights: Weights) -> Node {
      let kernel = weights("kernel", [3, 4], .zeros), bias = weights("bias", [5], .zeros)
      return (inputs[0] * kernel).sum() + (inputs[1] * bias).sum()
    }
  }

  @Test func stepAsKerasDoes() throws {
    let start = Self.file("start"), gradients = Self.file("gradients").list
    for item in Self.cases {
      let title = "\(item("class").string!) \(item("arguments").text)"
      let optimizer: any Optimizer
      do { optimizer = try TestSupport.optimizer(item) } catch is FixtureGap { continue }
      let a = Input(shape: [3, 4], name: "a"), b = Input(shape: [5], name: "b")
      let model = Model(inputs: [a, b], outputs: Sum()([a, b]))
      try model.compile(optimizer: optimizer) { _, prediction in prediction }
      try model.setWeights(["sum/kernel": start("kernel").tensor, "sum/bias": start("bias").tensor])

      for (step, gradient) in gradients.enumerated() {
        try model.trainOnBatch(
          [
            "a": gradient("kernel").tensor.expandingDimensions(axis: 0),
            "b": gradient("bias").tensor.expandingDimensions(axis: 0),
          ], Tensor.zeros([1]))
        guard let expected = item("after").list.first(where: { $0("step").int == step + 1 }) else { continue }
        for name in ["kernel", "bias"] {
          #expect(
            distance(try model.weights["sum/\(name)"].floats, expected(name).numbers) < 1e-6,
            "\(title): \(name) after step \(step + 1)")
        }
      }
      #expect(model.optimizer?.iterations == item("iterations").int)

      let state = try #require(model.optimizer?.state)
      let expected = item("slots").list
      #expect(expected.count == 2 * state.slotCount, "\(title): slots")
      // Keras keeps Adam's means and squares weight by weight, all others one after the other.
      let isAdam = item("class").string!.hasPrefix("Adam")
      for (index, slot) in expected.enumerated() {
        let (number, weight) = isAdam && index < 4 ? (index % 2, index / 2) : (index / 2, index % 2)
        // Settings are float32 here: 1 - 0.999 is 1.3e-5 of it too small, and so are the means of squares.
        #expect(distance(state.slot(number, of: weight), slot.numbers) < 2e-5, "\(title): slot \(index)")
      }
    }
  }

  @Test func nothingElseIsMissing() {
    var gaps: Set<String> = []
    for item in Self.cases {
      do { _ = try optimizer(item) } catch { gaps.insert((error as? FixtureGap)?.name ?? "\(error)") }
    }
    #expect(gaps == Set(FixtureGaps.optimizers.keys))
  }

  /// Keras computes some schedules in float32.
  @Test func schedulesAreThoseOfKeras() throws {
    for item in Self.file("schedules").list {
      let schedule = try TestSupport.schedule(item)
      let expected = item("values").doubles
      let rates = expected.indices.map { schedule.rate(at: $0) }
      #expect(distance(rates, expected) < 2e-6, "\(item("class").string!) \(item("arguments").text)")
    }
  }
}
