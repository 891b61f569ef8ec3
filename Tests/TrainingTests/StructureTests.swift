import DeepSwift
import Testing

/// How layers may be connected, and what is said where they are not.
@Suite struct StructureTests {
  private func message(_ model: Model, _ kind: ModelError.Kind = .argument) -> String? {
    let error = fault { try model.compile(loss: .meanSquaredError) }
    #expect(error?.kind == kind)
    // Every call that computes says the same.
    #expect(fault { _ = try model.predict(Tensor.zeros([1, 3])) } == error)
    return error?.message
  }

  @Test func everyInputIsNamed() {
    let x = Input(shape: [3]), forgotten = Input(shape: [2], name: "age")
    let model = Model(inputs: x, outputs: Concatenate()([x, forgotten]))
    #expect(
      message(model) == #"the outputs depend on an input "age" of shape [2] that is not among the model's inputs. "#
        + "Add it to Model(inputs:).")
  }

  @Test func inputsAreInputs() {
    let x = Input(shape: [3]), hidden = Dense(2)(x)
    #expect(
      message(Model(inputs: hidden, outputs: Dense(1)(hidden)))
        == "a model's inputs are made by Input(shape:); received a node that is computed from others")
    #expect(message(Model(inputs: [x, x], outputs: Dense(1)(x))) == "an input is given twice")
    #expect(message(Model(inputs: [], outputs: [Dense(1)(x)])) == "a model needs at least one input")
    #expect(message(Model(inputs: [x], outputs: [])) == "a model needs at least one output")
  }

  @Test func namesAreUnique() {
    let x = Input(shape: [3])
    #expect(
      message(Model(inputs: x, outputs: Dense(2, name: "a")(Dense(2, name: "a")(x))), .name)
        == #"two layers are called "a"; every layer of a model needs a name of its own"#)
    #expect(
      message(
        Sequential {
          Input(shape: [3]); Dense(2, name: "b"); Dense(2, name: "b")
        }, .name)
        == #"two layers are called "b"; every layer of a model needs a name of its own"#)
    #expect(
      message(
        Sequential {
          Input(shape: [3]); Dense(2, name: "a/b")
        }, .name)
        == #""a/b" cannot name a layer: names are not empty and have no slash"#)
  }

  @Test func givenNamesAreLeftOutWhereNamesAreMade() {
    let model = Sequential {
      Input(shape: [3]); Dense(2); Dense(2, name: "dense_1"); Dense(2); Flatten()
    }
    #expect(model.layers.map(\.name) == ["dense", "dense_1", "dense_2", "flatten"])
  }

  @Test func outputsOfOneLayerHaveDifferentNames() throws {
    let x = Input(shape: [2]), y = Dense(1, name: "y")(x)
    let model = Model(inputs: x, outputs: [y, y])
    #expect(Set(try model.predictByName(Tensor.ones([1, 2])).keys) == ["y", "y_1"])
    let inner = Model(inputs: x, outputs: [y, Dense(3)(x)], name: "inner")
    let z = Input(shape: [2])
    let outer = Model(inputs: z, outputs: inner.outputs([z]))
    #expect(try outer.predictByName(Tensor.ones([1, 2])).mapValues(\.shape) == ["inner": [1, 1], "inner_1": [1, 3]])
    try outer.compile(loss: ["inner_1": .meanSquaredError])
    try outer.fit(Tensor.ones([4, 2]), ["inner_1": Tensor.zeros([4, 3])], verbose: .silent)
  }

  @Test func layersInAModelShareNothingUnlessAskedTo() throws {
    let x = Input(shape: [3]), twice = Shared(Dense(3))
    let one = Dense(3)
    let model = Model(inputs: x, outputs: Add()([twice(twice(x)), one(one(x))]))
    // A layer is a value: used twice it stands for two layers; `Shared` has identity.
    #expect(model.layers.map(\.name).sorted() == ["add", "dense", "dense_1", "dense_2", "input_layer"])
    #expect(model.parameterCount == 3 * 12)
  }

  @Test func aSharedLayerLearnsFromAllItsUses() throws {
    let x = Input(shape: [1]), scale = Shared(Dense(1, useBias: false, name: "scale"))
    let model = Model(inputs: x, outputs: scale(scale(x)))
    try model.compile(optimizer: .sgd(learningRate: 0.5)) { _, prediction in prediction }
    try model.setWeights(["scale/kernel": Tensor([3] as [Float], shape: [1, 1])])
    // d(w² x)/dw = 2 w x = 12 for x = 2.
    try model.fit(Tensor([2] as [Float], shape: [1, 1]), Tensor([0] as [Float]), verbose: .silent)
    #expect(try model.weights["scale/kernel"].item == -3)
  }

  @Test func modelsStandInModels() throws {
    let inner = Sequential(name: "inner") {
      Input(shape: [2]); Dense(2); Dense(1)
    }
    let x = Input(shape: [2]), y = Input(shape: [2])
    let outer = Model(inputs: [x, y], outputs: Add()([inner(x), inner(y)]))
    #expect(outer.weights.names == ["inner/dense/kernel", "inner/dense/bias", "inner/dense_1/kernel", "inner/dense_1/bias"])
    #expect(outer.parameterCount == 9)
    // One set of weights: what the outer model learns, the inner one knows.
    let ones = Tensor.ones([1, 2])
    let single = try inner.predict(ones).item
    #expect(try outer.predict([ones, ones]).item == 2 * single)
    try outer.compile(optimizer: .sgd(learningRate: 0.1), loss: .meanSquaredError)
    try outer.fit([ones, ones], Tensor([5] as [Float]), verbose: .silent)
    #expect(try inner.predict(ones).item != single)
    #expect(try outer.predict([ones, ones]).item == 2 * inner.predict(ones).item)
  }
}
