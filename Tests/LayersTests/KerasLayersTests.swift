import DeepSwift
import TestSupport
import Testing

/// Every layer against what real Keras computes with the same weights.
@Suite struct KerasLayersTests {
  static let files = Fixture.files(in: "layers").filter { $0 != "layers/activations" }

  /// Dropout drops while training, so there is nothing to compare; what it does is tested with the op.
  static let random: Set = ["Dropout"]

  @Test(arguments: files) func computesWhatKerasDoes(file: String) throws {
    for item in Fixture(file: file)("cases").list {
      let kind = item("layer").string!, title = "\(kind) \(item("arguments").text) \(item["note"]?.string ?? "")"
      let layer: any Layer
      do { layer = try TestSupport.layer(kind, item("arguments")) } catch is FixtureGap { continue }
      let inputs = item("inputs").list.map(\.tensor)
      let weights = item("weights").list.map { (name: $0("name").string!, value: $0.tensor) }

      let inference = item("inference")
      let plain = try KerasLayerRun(layer, inputs, weights: weights, mode: .inference)
      #expect(plain.shape == inference("output").tensor.shape, "\(title)")
      #expect(distance(plain.output, inference("output").numbers) < 1e-5, "\(title): inference")

      if let training = item["training"] {
        try expectGradients(layer, inputs, weights, training, isTrainable: true, "\(title): training")
        // Frozen, the layer does the same while training as in inference; its weights have no gradients then.
        try expectGradients(layer, inputs, weights, inference, isTrainable: false, "\(title): frozen")
      } else if !Self.random.contains(kind) {
        try expectGradients(layer, inputs, weights, inference, isTrainable: true, title)
      }
    }
  }

  private func expectGradients(
    _ layer: any Layer, _ inputs: [Tensor], _ weights: [(name: String, value: Tensor)], _ expected: Fixture,
    isTrainable: Bool, _ title: String
  ) throws {
    for isFusing in [true, false] {
      let run = try KerasLayerRun(
        layer, inputs, weights: weights, mode: .training, isTrainable: isTrainable,
        gradient: expected("outputGradient").tensor, isFusing: isFusing)
      #expect(distance(run.output, expected("output").numbers) < 1e-5, "\(title): output")
      for (index, gradient) in expected("inputGradients").list.enumerated() where gradient.isObject {
        #expect(
          distance(run.inputGradients[index], gradient.numbers) < 2e-5, "\(title): gradient toward input \(index)")
      }
      for gradient in expected("weightGradients").list where isTrainable {
        let name = gradient("name").string!
        // A key's bias shifts all scores of a query alike, so its gradient is nothing but rounding.
        let floor = name == "key/bias" ? 1 : 1e-3
        #expect(
          distance(run.weightGradients[name] ?? [], gradient.numbers, floor: floor) < 2e-5, "\(title): gradient of \(name)")
      }
      if !isTrainable { #expect(run.weightGradients.isEmpty, "\(title)") }
      let updated = Dictionary(
        uniqueKeysWithValues: expected["updatedWeights"]?.list.map { ($0("name").string!, $0.numbers) } ?? [])
      for (name, value) in weights {
        let after = updated[name] ?? value.floats.map(Double.init)
        #expect(distance(run.weights[name]!.floats, after) < 1e-6, "\(title): \(name) afterwards")
      }
    }
  }

  @Test func nothingElseIsMissing() {
    var gaps: Set<String> = []
    for item in Self.files.flatMap({ Fixture(file: $0)("cases").list }) {
      do { _ = try layer(item("layer").string!, item("arguments")) } catch {
        gaps.insert((error as? FixtureGap)?.name ?? "\(error)")
      }
    }
    for file in Fixture.files(in: "training") {
      do { _ = try model(Fixture(file: file)("model")) } catch { gaps.insert((error as? FixtureGap)?.name ?? "\(error)") }
    }
    #expect(gaps == Set(FixtureGaps.layers.keys))
  }
}
