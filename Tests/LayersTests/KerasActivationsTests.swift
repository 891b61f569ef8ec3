import DeepSwift
import TestSupport
import Testing

/// Every activation function and its derivative against real Keras.
@Suite struct KerasActivationsTests {
  static let cases = Fixture(file: "layers/activations")("cases").list

  @Test func computeWhatKerasDoes() throws {
    for item in Self.cases {
      let title = "\(item("activation").string!) \(item("arguments").text)"
      let function: ActivationFunction
      do {
        function = try activation(item("activation").string!, FixtureArguments(item("arguments")))
      } catch is FixtureGap {
        continue
      }
      // A vector is one sample here, anything else a batch.
      let given = item("input").tensor, isBatch = given.rank > 1
      let x = isBatch ? given : given.expandingDimensions(axis: 0)
      let g = item["outputGradient"]?.tensor ?? Tensor.ones(x.shape)
      for isFusing in [true, false] {
        let run = try KerasLayerRun(
          Activation(function), [x], weights: [], mode: .training, gradient: g, isFusing: isFusing)
        #expect(distance(run.output, item("output").numbers) < 1e-5, "\(title)")
        if let gradient = item["inputGradient"] {
          #expect(distance(run.inputGradients[0], gradient.numbers) < 1e-5, "\(title): gradient")
        } else {
          // At a kink there is no derivative to compare.
          let kinks = Set(item("kinks").ints), expected = item("derivative").numbers
          let smooth = expected.indices.filter { !kinks.contains($0) }
          #expect(
            distance(smooth.map { run.inputGradients[0][$0] }, smooth.map { expected[$0] }) < 1e-5, "\(title): derivative")
        }
      }
    }
  }

  @Test func nothingElseIsMissing() {
    var gaps: Set<String> = []
    for item in Self.cases {
      do {
        _ = try activation(item("activation").string!, FixtureArguments(item("arguments")))
      } catch {
        gaps.insert((error as? FixtureGap)?.name ?? "\(error)")
      }
    }
    #expect(gaps == Set(FixtureGaps.activations.keys))
  }
}
