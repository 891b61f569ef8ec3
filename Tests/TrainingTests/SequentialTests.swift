import DeepSwift
import Testing

@Suite struct SequentialTests {
  @Test func withoutAnInputTheFirstDataMakeTheWeights() throws {
    let model = Sequential([Flatten(), Dense(4, activation: .relu), Dense(2, activation: .softmax)])
    #expect(model.parameterCount == 0)
    #expect(model.layers.map(\.name) == ["flatten", "dense", "dense_1"])
    #expect(model.layers.map(\.outputShape) == [nil, nil, nil])
    try model.compile(optimizer: .sgd, loss: .sparseCategoricalCrossentropy)
    try model.fit(Small.x, Small.labels, verbose: .silent)
    #expect(model.parameterCount == 4 * 4 + 2 * 5)
    #expect(model.layers.map(\.outputShape) == [[3], [4], [2]])
  }

  /// A call that is refused must not decide what the model's input is.
  @Test func refusedDataTeachNothing() throws {
    let model = Sequential([Flatten(), Sequential([Dense(4)]), Dense(2, activation: .softmax)])
    try model.compile(optimizer: .sgd, loss: .sparseCategoricalCrossentropy)
    let wide = Tensor.zeros([12, 5])
    #expect(fault { try model.fit(wide, Tensor.full([12], 7)) }?.kind == .labels)
    #expect(fault { _ = try model.evaluate(wide, Small.labels[0..<3]) }?.kind == .labels)
    #expect(fault { try model.trainOnBatch(wide, Tensor.full([12], 7)) }?.kind == .labels)
    #expect(fault { try model.fit(wide, Small.labels, validationSplit: 2) }?.kind == .argument)
    #expect(model.parameterCount == 0)
    #expect(model.layers.map(\.outputShape) == [nil, nil, nil])
    try model.fit(Small.x, Small.labels, verbose: .silent)
    #expect(fault { try model.fit(wide, Small.labels) }?.message == "expected shape [*, 3], received [12, 5]")
  }

  @Test func withAnInputTheWeightsAreThereAtOnce() {
    let model = Sequential {
      Input(shape: [3]); Dense(4); Dense(2)
    }
    #expect(model.layers.map(\.outputShape) == [[4], [2]])
    #expect(model.layers.map(\.parameterCount) == [16, 10])
    #expect(model.layers[0].weights["kernel"]?.shape == [3, 4])
    #expect(model.trainableParameterCount == 26)
  }

  @Test func layersAreAddedAndTakenAway() throws {
    let model = Sequential()
    model.add(InputLayer(shape: [3]))
    model.add(Dense(4, name: "body"))
    model.add(Dense(2))
    let body = try model.weights["body/kernel"], out = try model.predict(Small.x)
    #expect(out.shape == [12, 2])
    model.removeLast()
    #expect(try model.predict(Small.x).shape == [12, 4])
    model.add(Dense(5))
    #expect(try model.predict(Small.x).shape == [12, 5])
    // Weights of layers that stay are kept; names of those that went are free again.
    #expect(try model.weights["body/kernel"] == body)
    #expect(model.layers.map(\.name) == ["body", "dense"])
    model.removeLast()
    model.removeLast()
    model.removeLast()
    #expect(model.layers.isEmpty)
    let error = fault { _ = try model.predict(Small.x) }
    #expect(error?.kind == .notReady)
    #expect(error?.message == "the model has no layers. Add some: Sequential { Dense(10) }")
  }

  @Test func addingALayerAsksForCompile() throws {
    let model = try Small.classifier()
    model.add(Dense(2, activation: .softmax))
    #expect(fault { try model.fit(Small.x, Small.labels) }?.kind == .notReady)
    try model.compile(optimizer: .sgd, loss: .sparseCategoricalCrossentropy)
    try model.fit(Small.x, Small.labels, verbose: .silent)
  }

  @Test func aNameThatIsTakenIsToldWhenTheModelIsUsed() throws {
    let model = try Small.classifier()
    let before = model.weights.names.count
    model.add(Dense(2, name: "dense"))
    #expect(fault { try model.compile(loss: .meanSquaredError) }?.kind == .name)
    #expect(model.weights.all.count == before)
    #expect(
      model.description.hasSuffix(
        #"This model cannot be used: two layers are called "dense"; every layer of a model needs a name of its own"#))
    model.removeLast()
    #expect(try model.predict(Small.x).shape == [12, 2])
  }

  @Test func anInputStandsAtTheHead() {
    let model = Sequential {
      Dense(4); Input(shape: [3]); Dense(2)
    }
    let error = fault { try model.compile(loss: .meanSquaredError) }
    #expect(error?.kind == .argument)
    #expect(error?.message == "Input(shape:) stands once, at the head of a Sequential, before all layers")
    #expect(fault { _ = try model.predict(Small.x) } == error)
  }

  @Test func conditionsAndLoopsMakeLayers() {
    func model(deep: Bool) -> Sequential {
      Sequential {
        Input(shape: [3])
        if deep { for units in [8, 4] { Dense(units) } }
        Dense(1)
      }
    }
    #expect(model(deep: true).layers.map(\.name) == ["dense", "dense_1", "dense_2"])
    #expect(model(deep: false).layers.map(\.name) == ["dense"])
  }

  @Test func aBaseModelGetsANewHead() throws {
    let base = try Small.classifier()
    try base.fit(Small.x, Small.labels, epochs: 2, verbose: .silent)
    base.removeLast()
    base.trainable = false
    let model = Sequential {
      base
      Dense(3, activation: .softmax, name: "head")
    }
    #expect(model.layers.map(\.name) == ["sequential", "head"])
    #expect(model.trainableParameterCount == 15)
    #expect(model.parameterCount == 31)
    try model.compile(optimizer: .adam, loss: .sparseCategoricalCrossentropy)
    let before = bits(model)
    try model.fit(Small.x, Small.labels, epochs: 2, verbose: .silent)
    let after = bits(model)
    #expect(after["sequential/dense/kernel"] == before["sequential/dense/kernel"])
    #expect(after["sequential/dense/bias"] == before["sequential/dense/bias"])
    #expect(after["head/kernel"] != before["head/kernel"])

    base.trainable = true
    try model.compile(optimizer: .adam, loss: .sparseCategoricalCrossentropy)
    try model.fit(Small.x, Small.labels, verbose: .silent)
    #expect(bits(model)["sequential/dense/kernel"] != before["sequential/dense/kernel"])
  }
}
