import DeepSwift
import Testing

@Suite struct CompileTests {
  @Test func nothingIsTrainedOrMeasuredBeforeIt() throws {
    let model = Sequential {
      Input(shape: [3]); Dense(2)
    }
    let text =
      "the model is not compiled. Call compile(optimizer:loss:metrics:) first; adding or removing a layer asks for it again."
    for error in [
      fault { try model.fit(Small.x, Small.labels) }, fault { _ = try model.evaluate(Small.x, Small.labels) },
      fault { try model.trainOnBatch(Small.x, Small.labels) }, fault { _ = try model.testOnBatch(Small.x, Small.labels) },
    ] {
      #expect(error?.kind == .notReady)
      #expect(error?.message == text)
    }
    #expect(model.optimizer == nil)
    // Predicting needs no loss.
    #expect(try model.predict(Small.x).shape == [12, 2])
  }

  @Test func outputsAreNamedAsTheyAre() throws {
    let x = Input(shape: [3])
    let model = Model(inputs: x, outputs: [Dense(2, name: "kind")(x), Dense(1, name: "amount")(x)])
    let names = #"The outputs are "kind", "amount"."#
    func text(_ call: () throws -> Void) -> String? {
      let error = fault(call)
      #expect(error?.kind == .name)
      return error?.message
    }
    #expect(text { try model.compile(loss: ["sort": .meanSquaredError]) } == #"loss: no output is called "sort". \#(names)"#)
    #expect(
      text { try model.compile(loss: ["kind": .meanSquaredError], lossWeights: ["sort": 1]) }
        == #"lossWeights: no output is called "sort". \#(names)"#)
    #expect(
      text { try model.compile(loss: ["kind": .meanSquaredError], metrics: ["sort": [.accuracy]]) }
        == #"metrics: no output is called "sort". \#(names)"#)
    #expect(
      text { try model.compile(loss: ["kind": .meanSquaredError], weightedMetrics: ["sort": [.accuracy]]) }
        == #"weightedMetrics: no output is called "sort". \#(names)"#)
    #expect(fault { try model.compile(loss: [:]) }?.message == "loss: at least one output needs a loss")
    #expect(model.optimizer == nil)
  }

  /// An output without a loss is not trained, but may be measured.
  @Test func anOutputWithoutALossNeedsNoTargets() throws {
    let x = Input(shape: [3], name: "x")
    let model = Model(inputs: x, outputs: [Dense(2, activation: .softmax, name: "kind")(x), Dense(1, name: "amount")(x)])
    try model.compile(optimizer: .sgd, loss: ["kind": .sparseCategoricalCrossentropy])
    let before = bits(model)
    let history = try model.fit(Small.x, ["kind": Small.labels], verbose: .silent)
    #expect(history.keys == ["loss"])
    let after = bits(model)
    #expect(after["amount/kernel"] == before["amount/kernel"])
    #expect(after["kind/kernel"] != before["kind/kernel"])

    try model.compile(optimizer: .sgd, loss: ["kind": .sparseCategoricalCrossentropy], metrics: ["amount": [.mae]])
    let scores = try model.evaluate(Small.x, ["kind": Small.labels, "amount": Small.values], verbose: .silent)
    let predicted = try model.predictByName(Small.x)["amount"]!
    #expect(scores.names == ["amount_mae", "loss"])
    #expect((scores["amount_mae"]! - Double(abs(predicted - Small.values).mean())).magnitude < 1e-6)
  }

  @Test func aShapeThatDoesNotFitIsThrownWithTheLayer() throws {
    let model = Sequential {
      Input(shape: [8, 8, 1])
      Conv2D(4, kernelSize: 3)
      MaxPooling2D(poolSize: 4)
      Conv2D(4, kernelSize: 3)
    }
    let error = fault { try model.compile(loss: .meanSquaredError) }
    #expect(error?.kind == .shape)
    #expect(error?.place == "conv2d_1 (Conv2D)")
    #expect(
      error?.message == "a window of height 3 does not fit into an input of height 1. Use padding: .same, a smaller window, or "
        + "less pooling before it.")
  }

  @Test func weightsStayAndTheOptimizerBeginsAnew() throws {
    let model = try Small.line(.adam)
    try model.fit(Small.x, Small.values, epochs: 3, verbose: .silent)
    let before = bits(model)
    #expect(model.optimizer?.iterations == 3)
    try model.compile(optimizer: .sgd(learningRate: 0.5), loss: .meanAbsoluteError)
    #expect(bits(model) == before)
    #expect(model.optimizer?.iterations == 0)
    #expect(model.optimizer?.learningRate == 0.5)
  }

  @Test func theLearningRateMayBeReadAndSet() throws {
    let model = try Small.line(.sgd(learningRate: .exponentialDecay(initial: 0.1, steps: 2, rate: 0.25)))
    #expect(model.optimizer?.learningRate == 0.1)
    try model.fit(Small.x, Small.values, epochs: 2, verbose: .silent)
    #expect(model.optimizer?.learningRate == 0.025)
    model.optimizer?.learningRate = 0
    let before = bits(model)
    try model.fit(Small.x, Small.values, verbose: .silent)
    #expect(bits(model) == before)
  }

  /// The switches take effect at `compile`; to change one afterwards and to go on training would do nothing, silently.
  @Test func changedSwitchesAskForCompile() throws {
    let model = try Small.classifier()
    model.layers[0].trainable = false
    let error = fault { try model.fit(Small.x, Small.labels) }
    #expect(error?.kind == .notReady)
    #expect(
      error?.message == "which layers are trainable has changed since compile. Call compile again, so that the change takes "
        + "effect.")
    #expect(fault { try model.trainOnBatch(Small.x, Small.labels) }?.kind == .notReady)
    _ = try model.evaluate(Small.x, Small.labels, verbose: .silent)
    model.layers[0].trainable = true
    try model.fit(Small.x, Small.labels, verbose: .silent)
  }

  /// Logits for probabilities, or the other way round, would train badly and say nothing.
  @Test func crossentropiesKnowLogitsFromProbabilities() throws {
    func refusal(_ units: Int, _ activation: ActivationFunction, _ loss: any Loss) -> String? {
      let model = Sequential {
        Input(shape: [3]); Dense(units, activation: activation)
      }
      let late = Sequential([Dense(units, activation: activation)])
      let error = fault { try model.compile(loss: loss) }
      #expect(error?.kind == .argument)
      #expect(error?.place == #"output "dense""#)
      #expect(
        fault {
          try late.compile(loss: loss); try late.fit(Small.x, Small.labels)
        } == error)
      return error?.message
    }
    let logits = "the last layer has no activation, so its numbers are logits. Give it activation:"
    #expect(
      refusal(2, .linear, .sparseCategoricalCrossentropy)
        == "SparseCategoricalCrossentropy expects probabilities, but \(logits) .softmax, or say "
        + "SparseCategoricalCrossentropy(fromLogits: true).")
    #expect(
      refusal(1, .linear, .binaryCrossentropy)
        == "BinaryCrossentropy expects probabilities, but \(logits) .sigmoid, or say BinaryCrossentropy(fromLogits: true).")
    #expect(
      refusal(2, .softmax, .categoricalCrossentropy(fromLogits: true))
        == "CategoricalCrossentropy(fromLogits: true) expects logits, but the last layer's activation makes probabilities of "
        + "them. Leave out one of the two.")
    // What ends otherwise may be either.
    let model = Sequential {
      Input(shape: [3]); Dense(2); Lambda { exp($0) / exp($0).sum() }
    }
    try model.compile(loss: .sparseCategoricalCrossentropy)
    try model.compile(loss: .sparseCategoricalCrossentropy(fromLogits: true))
  }

  @Test func aLossThatForgetsThePredictionIsRefused() throws {
    let model = try Small.line()
    try model.compile { _, _ in Node(1) }
    let error = fault { try model.fit(Small.x, Small.values) }
    #expect(error?.kind == .shape)
    #expect(error?.message == "the formula does not depend on the prediction of each sample")
  }
}
