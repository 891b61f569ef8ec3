import DeepSwift
import Testing

@Suite struct ModelTests {
  private func normalized() throws -> Sequential {
    let model = Sequential {
      Input(shape: [3])
      Dense(4, name: "body")
      BatchNormalization(momentum: 0.5, name: "normal")
      Dense(1, name: "head")
    }
    return model
  }

  @Test func frozenLayersKeepTheirBits() throws {
    let model = try normalized()
    try model.layer(named: "body").trainable = false
    #expect(model.layers.map(\.trainable) == [false, true, true])
    #expect(model.trainableParameterCount == model.parameterCount - 16 - 8)
    try model.compile(optimizer: .adam, loss: .meanSquaredError)
    let before = bits(model)
    try model.fit(Small.x, Small.values, batchSize: 4, epochs: 3, verbose: .silent)
    let changed = bits(model).filter { before[$0.key] != $0.value }.keys
    #expect(
      Set(changed)
        == ["normal/gamma", "normal/beta", "normal/moving_mean", "normal/moving_variance", "head/kernel", "head/bias"])
  }

  /// A frozen normalization uses its moving statistics while training, and collects none.
  @Test func frozenNormalizationIsThatOfInference() throws {
    let model = try normalized()
    try model.layer(named: "normal").trainable = false
    try model.compile(optimizer: .sgd(learningRate: 0), loss: .meanSquaredError)
    try model.setWeights([
      "normal/moving_mean": Tensor([1, 2, 3, 4] as [Float]), "normal/moving_variance": Tensor([4, 3, 2, 1] as [Float]),
    ])
    let before = bits(model)
    let history = try model.fit(Small.x, Small.values, verbose: .silent)
    #expect(bits(model) == before)
    let loss = try model.evaluate(Small.x, Small.values, verbose: .silent).loss
    #expect((history.loss[0] - loss).magnitude < 1e-6 * loss)
  }

  @Test func aModelWithNothingToTrainIsMeasuredOnly() throws {
    let model = try normalized()
    model.trainable = false
    try model.compile(optimizer: .adam, loss: .meanSquaredError)
    let before = bits(model)
    let history = try model.fit(Small.x, Small.values, epochs: 2, verbose: .silent)
    #expect(bits(model) == before)
    #expect(history.loss[0] == history.loss[1])
  }

  @Test func layersAreFoundByName() throws {
    let model = try normalized()
    #expect(try model.layer(named: "head").weights["kernel"]?.shape == [4, 1])
    let error = fault { _ = try model.layer(named: "tail") }
    #expect(error?.kind == .name)
    #expect(error?.message == #"no layer is called "tail". The layers are "body", "normal", "head"."#)
  }

  @Test func evaluationAndPredictionChangeNothing() throws {
    let model = try normalized()
    try model.compile(optimizer: .adam, loss: .meanSquaredError)
    let before = bits(model)
    _ = try model.evaluate(Small.x, Small.values, verbose: .silent)
    _ = try model.testOnBatch(Small.x, Small.values)
    let all = try model.predict(Small.x)
    #expect(bits(model) == before)
    #expect(model.optimizer?.iterations == 0)
    // Batches do not matter.
    #expect(try model.predict(Small.x, batchSize: 5) == all)
    #expect(try model.predictOnBatch(Small.x) == all)
    #expect(try model.predict(Small.x[3..<4]) == all[3..<4])
    let whole = try model.evaluate(Small.x, Small.values, batchSize: 12, verbose: .silent).loss
    #expect((try model.evaluate(Small.x, Small.values, batchSize: 5, verbose: .silent).loss - whole).magnitude < 1e-6)
    #expect((try model.testOnBatch(Small.x, Small.values).loss - whole).magnitude < 1e-6)
  }

  /// A program that serves many predictions works out anew what follows from weights when they have changed.
  @Test func predictionsFollowTheWeights() throws {
    let model = try normalized()
    try model.compile(optimizer: .sgd, loss: .meanSquaredError)
    let first = try model.predictOnBatch(Small.x), weights = model.weights.all
    #expect(try model.predictOnBatch(Small.x) == first)
    try model.fit(Small.x, Small.values, verbose: .silent)
    let trained = try model.predictOnBatch(Small.x)
    #expect(trained != first)
    try model.setWeights(weights)
    #expect(try model.predictOnBatch(Small.x) == first)
    #expect(try model.predict(Small.x, batchSize: 5) == first)
  }

  /// Single rows have a program of their own, which follows the weights as well.
  @Test func singleRowsAreAsAmongOthers() throws {
    let model = try normalized()
    try model.compile(optimizer: .sgd, loss: .meanSquaredError)
    for _ in 0..<2 {
      let all = try model.predict(Small.x)
      for row in [0, 3, 0] {
        #expect(try model.predictOnBatch(Small.x[row..<row + 1]) == all[row..<row + 1])
        #expect(try model.predict(Small.x[row..<row + 1], batchSize: 7) == all[row..<row + 1])
      }
      #expect(try model.predictOnBatch(Small.x[2..<4]) == all[2..<4])
      try model.fit(Small.x, Small.values, verbose: .silent)
      #expect(try model.predictOnBatch(Small.x[0..<1]) != all[0..<1])
    }
  }

  @Test func weightsOfSamplesCountInTheEvaluation() throws {
    let model = try Small.line()
    // Errors 1 and 2; with weights 3 and 0 the mean over both samples is 1.5.
    let x = Tensor([1, 0, 0, 0, 1, 0] as [Float], shape: [2, 3]), y = Tensor([0, 0] as [Float])
    #expect(try model.evaluate(x, y, verbose: .silent, sampleWeight: Tensor([3, 0] as [Float])).loss == 1.5)
  }

  @Test func predictOfSeveralOutputsAsksForNames() throws {
    let x = Input(shape: [3])
    let model = Model(inputs: x, outputs: [Dense(1, name: "a")(x), Dense(2, name: "b")(x)])
    let error = fault { _ = try model.predict(Small.x) }
    #expect(error?.kind == .argument)
    #expect(error?.message == "the model has 2 outputs (a, b); predictByName gives all of them")
    #expect(try model.predictByName(Small.x).mapValues(\.shape) == ["a": [12, 1], "b": [12, 2]])
  }

  /// As in Keras, each call of a layer moves its statistics, also on an input that it has had before.
  @Test func twoCallsOnOneInputAreTwo() throws {
    let x = Input(shape: [3]), normal = Shared(BatchNormalization(momentum: 0.5))
    let inner = Sequential {
      Input(shape: [3])
      BatchNormalization(momentum: 0.5)
    }
    for (calls, left) in [([normal(x)], 0.5), ([normal(x), normal(x)], 0.25), ([inner(x), inner(x)], 0.25)] as [([Node], Float)] {
      let model = Model(inputs: x, outputs: Concatenate()(calls))
      try model.compile(optimizer: .sgd, loss: .meanSquaredError)
      try model.trainOnBatch(Small.x, Tensor.concatenated(calls.map { _ in Small.x }, axis: 1))
      let mean = try #require(model.weights.all.first { $0.key.hasSuffix("moving_mean") }?.value)
      let expected = Small.x.mean(axis: 0) * (1 - left)
      #expect(zip(mean.floats, expected.floats).allSatisfy { ($0 - $1).magnitude < 1e-6 }, "\(calls.count) calls")
    }
  }
}
