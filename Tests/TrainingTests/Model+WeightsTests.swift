import DeepSwift
import Testing

@Suite struct ModelWeightsTests {
  @Test func weightsAreReadAndSetByName() throws {
    let model = try Small.classifier()
    #expect(model.weights.names == ["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"])
    try model.setWeights(["dense/bias": Tensor([1, 2, 3, 4] as [Float])])
    #expect(try model.weights["dense/bias"].floats == [1, 2, 3, 4])
    #expect(model.layers[0].weights["bias"]?.floats == [1, 2, 3, 4])
    // A copy is a copy.
    var copy = try model.weights["dense/bias"]
    copy += 1
    #expect(try model.weights["dense/bias"].floats == [1, 2, 3, 4])
    let other = try Small.classifier()
    try other.setWeights(model.weights.names.map { try model.weights[$0] })
    #expect(bits(other) == bits(model))
    #expect(try other.predict(Small.x) == model.predict(Small.x))
  }

  @Test func nothingIsSetUnlessEverythingFits() throws {
    let model = try Small.classifier(), before = bits(try Small.classifier())
    let good = Tensor([1, 2, 3, 4] as [Float])
    var error = fault { try model.setWeights(["dense/bias": good, "dense_2/bias": good]) }
    #expect(error?.kind == .name)
    #expect(
      error?.message == #"no weight is called "dense_2/bias". The weights are "dense/kernel", "dense/bias", "#
        + #""dense_1/kernel", "dense_1/bias"."#)
    error = fault { try model.setWeights(["dense/bias": good, "dense_1/bias": good]) }
    #expect(error?.kind == .shape)
    #expect(error?.place == "dense_1/bias")
    #expect(error?.message == "the weight has shape [2], received [4]. No weight was changed.")
    error = fault { try model.setWeights([good]) }
    #expect(error?.kind == .argument)
    #expect(error?.message == "the model has 4 weights, received 1")
    error = fault { try model.setWeights([Tensor.zeros([3, 4]), good, good, good]) }
    #expect(error?.place == "dense_1/kernel")
    #expect(fault { _ = try model.weights["kernel"] }?.kind == .name)
    #expect(bits(model) == before)
  }

  @Test func aModelWithoutAnInputHasNoWeightsYet() {
    let model = Sequential([Dense(2)])
    #expect(model.weights.names == [])
    #expect(model.weights.all.isEmpty)
    let error = fault { try model.setWeights(["dense/bias": Tensor.zeros([2])]) }
    #expect(error?.kind == .notReady)
    #expect(
      error?.message == "the model does not know the shape of its input yet. Begin it with Input(shape:), or call fit, "
        + "evaluate or predict with data first.")
  }
}
