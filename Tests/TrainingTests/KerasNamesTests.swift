import DeepSwift
import TestSupport
import Testing

/// Names, orders, counts and shapes against real Keras.
@Suite struct KerasNamesTests {
  /// Differences on purpose. Keras counts names for a whole program and in the order in which layers are *made*; here every
  /// model counts for itself, in the order in which layers are *used*, because a layer is a value without identity.
  static let renamed: [String: [String: String]] = [
    // In Keras the inner model's `dense` came first.
    "outer": ["dense_1": "dense"],
    // Made in the order late, side, early.
    "late": ["dense_2": "dense", "dense": "dense_2"],
  ]

  /// Models with layers that DeepSwift lacks.
  static let skipped: Set = ["model", "residual"]

  @Test func modelsHaveTheNamesOfKeras() throws {
    var skipped: Set<String> = []
    for item in Fixture(file: "names")("cases").list {
      let title = item("name").string!
      let model: Model
      do { model = try TestSupport.model(item("model")) } catch is FixtureGap { skipped.insert(title); continue }
      if item("layers").list.contains(where: { standIns.contains($0("class").string!) }) { skipped.insert(title); continue }

      func ours(_ name: String) -> String { Self.renamed[title]?[name] ?? name }
      #expect(model.parameterCount == item("parameters").int, "\(title)")
      #expect(model.trainableParameterCount == item("trainable").int, "\(title)")
      try expectLayers(model.layers, item("layers").list, title, ours)
      let paths = item("weights").strings.map { path in
        let parts = path.split(separator: "/", maxSplits: 1)
        return "\(ours(String(parts[0])))/\(parts[1])"
      }
      #expect(model.weights.names == paths, "\(title)")
      #expect(try model.weights.names.map { try model.weights[$0].shape.dimensions } == item("weightShapes").list.map(\.ints))

      let shapes = item("outputShape")
      let expected = shapes.list.first?.isList == true ? shapes.list : [shapes]
      let names = item["outputNames"]?.strings.map(ours) ?? model.layers.suffix(1).map(\.name)
      #expect(try names.map { try model.layer(named: $0).outputShape?.dimensions } == expected.map { Array($0.ints.dropFirst()) })
      if item["outputNames"] != nil {
        let x = Dictionary(
          uniqueKeysWithValues: item("model")("inputs").list.map {
            ($0("name").string!, Tensor.zeros(Shape([1] + $0("shape").ints)))
          })
        #expect(Set(try model.predictByName(x).keys) == Set(names))
      }
    }
    #expect(skipped == Self.skipped)
  }

  private func expectLayers(
    _ layers: [LayerHandle], _ expected: [Fixture], _ title: String, _ ours: (String) -> String
  ) throws {
    #expect(layers.map(\.name) == expected.map { ours($0("name").string!) }, "\(title)")
    for (layer, wanted) in zip(layers, expected) {
      let place = "\(title)/\(layer.name)"
      #expect(layer.typeName == wanted("class").string, "\(place)")
      #expect(layer.parameterCount == wanted("parameters").int, "\(place)")
      #expect(layer.outputShape?.dimensions == Array(wanted("outputShape").ints.dropFirst()), "\(place)")
      // Keras' paths begin with the model's name.
      let weights = wanted("weights").strings.map { $0.split(separator: "/").last.map(String.init) }
      #expect(layer.parameters.map { $0.name.split(separator: "/").last.map(String.init) } == weights, "\(place)")
      if let inner = wanted["layers"] { try expectLayers(layer.layers, inner.list, place) { $0 } }
    }
  }
}
