import DeepSwift
import TestSupport
import Testing

@Suite struct FitTests {
  /// Counts what happens, and keeps the batches' losses.
  private final class Witness: Callback {
    var events: [String] = []
    var losses: [Double] = []
    func trainingBegan(_ run: TrainingRun) { events.append("train") }
    func trainingEnded(_ logs: Logs, _ run: TrainingRun) { events.append("trained") }
    func epochBegan(_ epoch: Int, _ run: TrainingRun) { events.append("epoch \(epoch)") }
    func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) { events.append("\(logs.keys.joined(separator: " "))") }
    func batchBegan(_ batch: Int, _ run: TrainingRun) { events.append("batch \(batch)") }
    func batchEnded(_ batch: Int, _ logs: Logs, _ run: TrainingRun) { losses.append(run.batchLoss) }
    func testBegan(_ run: TrainingRun) { events.append("test") }
    func testEnded(_ logs: Logs, _ run: TrainingRun) { events.append("tested") }
  }

  @Test func callbacksHearEverythingInOrder() throws {
    let witness = Witness()
    try Small.line().fit(
      Small.x, Small.values, batchSize: 8, epochs: 2, verbose: .silent, callbacks: [witness],
      validationData: (Small.x, Small.values), validationFrequency: 2)
    #expect(
      witness.events == [
        "train", "epoch 0", "batch 0", "batch 1", "loss", "epoch 1", "batch 0", "batch 1", "test", "tested",
        "loss val_loss", "trained",
      ])
  }

  /// Twelve samples in batches of five: the last batch has two, and counts only twice.
  @Test func theShortLastBatchCountsByItsSamples() throws {
    let model = try Small.line(.sgd(learningRate: 0)), witness = Witness()
    let history = try model.fit(
      Small.x, Small.values, batchSize: 5, verbose: .silent, callbacks: [witness], shuffle: false)
    #expect(witness.losses.count == 3)
    let mean = (5 * witness.losses[0] + 5 * witness.losses[1] + 2 * witness.losses[2]) / 12
    #expect((history.loss[0] - mean).magnitude < 1e-6)
    let whole = try model.evaluate(Small.x, Small.values, verbose: .silent).loss
    #expect((history.loss[0] - whole).magnitude < 1e-6)
    #expect(model.optimizer?.iterations == 3)
  }

  @Test func validationSplitTakesTheTail() throws {
    let model = try Small.line(.sgd(learningRate: 0))
    let history = try model.fit(Small.x, Small.values, verbose: .silent, validationSplit: 0.25)
    let head = try model.evaluate(Small.x[0..<9], Small.values[0..<9], verbose: .silent).loss
    let tail = try model.evaluate(Small.x[9..<12], Small.values[9..<12], verbose: .silent).loss
    #expect((history.loss[0] - head).magnitude < 1e-6)
    #expect((history.valLoss[0] - tail).magnitude < 1e-6)
  }

  /// 7 samples and a share of 0.3: 4 to train on, 3 to validate, as in Keras.
  @Test func validationSplitRoundsAsKerasDoes() throws {
    let witness = Witness(), model = try Small.line()
    try model.fit(
      Small.x[0..<7], Small.values[0..<7], batchSize: 1, verbose: .silent, callbacks: [witness], validationSplit: 0.3)
    #expect(witness.losses.count == 4)
  }

  /// Class weights are for training alone; sample weights count in the validation too. Both multiply.
  @Test func classWeightsAndSampleWeightsMultiply() throws {
    let weights = Tensor((0..<12).map { Float($0) / 4 })
    let classWeight: [Int: Float] = [1: 3]
    let both = Tensor(zip(weights.floats, Small.labels.integers).map { $0 * ($1 == 1 ? 3 : 1) })
    let a = try Small.classifier(), b = try Small.classifier()
    let first = try a.fit(
      Small.x, Small.labels, batchSize: 4, epochs: 2, verbose: .silent, classWeight: classWeight, sampleWeight: weights)
    let second = try b.fit(Small.x, Small.labels, batchSize: 4, epochs: 2, verbose: .silent, sampleWeight: both)
    #expect(first == second)
    #expect(bits(a) == bits(b))
  }

  @Test func classWeightsDoNotTouchTheValidation() throws {
    let model = try Small.classifier()
    try model.compile(optimizer: .sgd(learningRate: 0), loss: .sparseCategoricalCrossentropy)
    let history = try model.fit(
      Small.x, Small.labels, verbose: .silent, validationSplit: 0.5, classWeight: [0: 10, 1: 10])
    let tail = try model.evaluate(Small.x[6..<12], Small.labels[6..<12], verbose: .silent).loss
    let head = try model.evaluate(Small.x[0..<6], Small.labels[0..<6], verbose: .silent).loss
    #expect((history.loss[0] - 10 * head).magnitude < 1e-5)
    #expect((history.valLoss[0] - tail).magnitude < 1e-6)
  }

  @Test func epochsGoOnFromTheInitialOne() throws {
    let model = try Small.line()
    let history = try model.fit(Small.x, Small.values, epochs: 5, verbose: .silent, initialEpoch: 3)
    #expect(history.epochs == [3, 4])
    #expect(model.optimizer?.iterations == 2)
    #expect(try model.fit(Small.x, Small.values, epochs: 3, verbose: .silent, initialEpoch: 3).epochs == [])
    #expect(try model.fit(Small.x, Small.values, epochs: 0, verbose: .silent).epochs == [])
  }

  @Test func validationComesAsOftenAsAsked() throws {
    let model = try Small.line()
    let history = try model.fit(
      Small.x, Small.values, epochs: 5, verbose: .silent, validationData: (Small.x, Small.values), validationFrequency: 2)
    #expect(history.points(of: "val_loss").map(\.epoch) == [1, 3])
    #expect(history.loss.count == 5)
  }

  /// As in Keras: 3 batches, 2 steps an epoch. The second epoch finds only one batch left, and the third begins anew.
  @Test func stepsPerEpochGoOnInTheData() throws {
    let model = try Small.line(.sgd(learningRate: 0)), witness = Witness()
    try model.fit(
      Small.x, Small.values, batchSize: 4, epochs: 4, verbose: .silent, callbacks: [witness], shuffle: false,
      stepsPerEpoch: 2)
    let expected = try (0..<3).map {
      try model.evaluate(Small.x[4 * $0..<4 * $0 + 4], Small.values[4 * $0..<4 * $0 + 4], verbose: .silent).loss
    }
    let found = witness.losses
    #expect(found.count == 6)
    for (loss, batch) in zip(found, [0, 1, 2, 0, 1, 2]) { #expect((loss - expected[batch]).magnitude < 1e-6) }
  }

  @Test func stepsPerEpochThatDivideTheDataLoseNoEpoch() throws {
    let model = try Small.line(), witness = Witness()
    try model.fit(
      Small.x, Small.values, batchSize: 3, epochs: 5, verbose: .silent, callbacks: [witness], stepsPerEpoch: 2)
    #expect(witness.losses.count == 10)
  }

  @Test func shufflingMovesSamplesButLosesNone() throws {
    let model = try Small.line(.sgd(learningRate: 0)), witness = Witness()
    let history = try model.fit(Small.x, Small.values, batchSize: 1, epochs: 3, verbose: .silent, callbacks: [witness])
    let epochs = [witness.losses[0..<12], witness.losses[12..<24], witness.losses[24..<36]].map(Array.init)
    #expect(epochs[0].sorted() == epochs[1].sorted())
    #expect(epochs[0] != epochs[1])
    #expect(epochs[1] != epochs[2])
    #expect((history.loss[0] - history.loss[2]).magnitude < 1e-6)
  }

  @Test func dictionariesOfInputsAndTargets() throws {
    func model() throws -> Model {
      let a = Input(shape: [2], name: "a"), b = Input(shape: [1], name: "b")
      let joined = Concatenate()([a, b])
      let model = Model(
        inputs: [a, b], outputs: [Dense(2, activation: .softmax, name: "kind")(joined), Dense(1, name: "amount")(joined)])
      model.seed = 3
      try model.compile(
        optimizer: .sgd(learningRate: 0.1), loss: ["kind": .sparseCategoricalCrossentropy, "amount": .meanSquaredError])
      return model
    }
    let a = Small.x[0..<12, 0..<2], b = Small.x[0..<12, 2..<3]
    let named = try model(), ordered = try model()
    let first = try named.fit(
      ["b": b, "a": a], ["amount": Small.values, "kind": Small.labels], epochs: 2, verbose: .silent, validationSplit: 0.25)
    let second = try ordered.fit(
      [a, b], [Small.labels, Small.values], epochs: 2, verbose: .silent, validationSplit: 0.25)
    #expect(first == second)
    #expect(first.keys == ["amount_loss", "kind_loss", "loss", "val_amount_loss", "val_kind_loss", "val_loss"])
    #expect(bits(named) == bits(ordered))
    let both = try named.predictByName(["a": a, "b": b])
    #expect(both["kind"]?.shape == [12, 2])
    #expect(both["amount"]?.shape == [12, 1])
  }

  @Test func historyIsKeptByTheModel() throws {
    let model = try Small.line()
    #expect(model.history == nil)
    let history = try model.fit(Small.x, Small.values, epochs: 2, verbose: .silent)
    #expect(model.history == history)
    #expect(history.loss.count == 2)
  }

  @Test(arguments: [1, 2, 3, 4]) func theSameSeedGivesTheSameBitsWhateverTheThreads(workers: Int) throws {
    func run(_ workers: Int) throws -> ([String: [UInt32]], History) {
      let model = Sequential {
        Input(shape: [6, 6, 2])
        Conv2D(4, kernelSize: 3, activation: .relu)
        BatchNormalization()
        MaxPooling2D()
        Flatten()
        Dropout(0.3)
        Dense(3, activation: .softmax)
      }
      model.seed = 11
      model.programSettings.workers = workers
      try model.compile(optimizer: .adam, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
      let x = Tensor.random(uniform: 0...1, shape: [50, 6, 6, 2], seed: 2)
      let y = Tensor.random(integers: 0..<3, shape: [50], seed: 3)
      let history = try model.fit(x, y, batchSize: 16, epochs: 3, verbose: .silent, validationSplit: 0.2)
      return (bits(model), history)
    }
    let one = try run(1), many = try run(workers)
    #expect(one.0 == many.0)
    #expect(one.1 == many.1)
  }

  /// Shards change the order of sums, and with it the last bits. Chunks do not.
  @Test(arguments: [1, 2, 5, 8]) func chunksChangeNothingAndShardsLittle(shards: Int) throws {
    func run(shards: Int, chunk: Int?) throws -> [Float] {
      let model = try Small.classifier()
      model.programSettings.shards = shards
      model.programSettings.segments.rows = chunk
      try model.fit(Small.x, Small.labels, batchSize: 12, epochs: 5, verbose: .silent, shuffle: false)
      return try model.weights["dense/kernel"].floats
    }
    let usual = try run(shards: 8, chunk: nil), whole = try run(shards: shards, chunk: nil)
    #expect(distance(whole, usual.map(Double.init)) < 1e-5)
    for chunk in [1, 3, 100] {
      #expect(try run(shards: shards, chunk: chunk).map(\.bitPattern) == whole.map(\.bitPattern))
    }
  }

  @Test func theSeedDecidesTheBits() throws {
    func run(_ seed: UInt64) throws -> [String: [UInt32]] {
      setRandomSeed(seed)
      let model = Sequential {
        Input(shape: [3]); Dense(4); Dropout(0.5); Dense(1)
      }
      try model.compile(optimizer: .sgd, loss: .meanSquaredError)
      try model.fit(Small.x, Small.values, batchSize: 4, epochs: 3, verbose: .silent)
      return bits(model)
    }
    // Other tests may draw seeds in between; then it is tried again.
    let same = try (0..<50).contains { _ in try run(1) == run(1) }
    #expect(same)
    #expect(try run(1) != run(2))
  }

  @Test func cancellationEndsAfterTheCurrentBatch() async throws {
    final class Cancelling: Callback {
      var batches = 0
      func batchEnded(_ batch: Int, _ logs: Logs, _ run: TrainingRun) {
        batches += 1
        if batches == 5 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    let task = Task {
      let model = try Small.line(), cancelling = Cancelling()
      let history = try model.fit(
        Small.x, Small.values, batchSize: 4, epochs: 100, verbose: .silent, callbacks: [cancelling])
      return (cancelling.batches, history.epochs, history.loss.count, model.optimizer!.iterations)
    }
    let (batches, epochs, losses, steps) = try await task.value
    #expect(batches == 5)
    #expect(epochs == [0, 1])
    #expect(losses == 2)
    #expect(steps == 5)
  }

  @Test func aCallbackThatThrowsEndsTheTraining() throws {
    struct Enough: Error {}
    let model = try Small.line()
    #expect(throws: Enough.self) {
      try model.fit(
        Small.x, Small.values, epochs: 5, verbose: .silent,
        callbacks: [LambdaCallback(epochEnded: { epoch, _ in if epoch == 1 { throw Enough() } })])
    }
    // The epoch before is on record, and the model can go on.
    #expect(model.history?.epochs == [0])
    #expect(try model.fit(Small.x, Small.values, verbose: .silent).epochs == [0])
  }

  @Test func stoppingAtTheBeginningOfAnEpochTrainsNoStep() throws {
    final class Stop: Callback {
      func epochBegan(_ epoch: Int, _ run: TrainingRun) { if epoch == 1 { run.stop(because: "it is time") } }
    }
    let model = try Small.line()
    #expect(try model.fit(Small.x, Small.values, epochs: 4, verbose: .silent, callbacks: [Stop()]).epochs == [0])
    #expect(model.optimizer?.iterations == 1)
  }

  @Test func trainOnBatchIsOneStep() throws {
    let a = try Small.line(), b = try Small.line()
    let before = try b.evaluate(Small.x, Small.values, verbose: .silent).loss
    let scores = try a.trainOnBatch(Small.x, Small.values)
    #expect((scores.loss - before).magnitude < 1e-6)
    try b.fit(Small.x, Small.values, batchSize: 12, verbose: .silent, shuffle: false)
    #expect(bits(a) == bits(b))
    #expect(a.optimizer?.iterations == 1)
    // A batch of another size does as well.
    try a.trainOnBatch(Small.x[0..<5], Small.values[0..<5])
    try a.trainOnBatch(Tensor.concatenated([Small.x, Small.x]), Tensor.concatenated([Small.values, Small.values]))
    #expect(a.optimizer?.iterations == 3)
  }

  @Test func anOptimizerOfOnesOwn() throws {
    struct SignDescent: Optimizer {
      var learningRate: any LearningRateSchedule = 0.5
      func apply(_ u: Update) {
        for i in 0..<u.count { u.weights[i] -= u.learningRate * (u.gradients[i] > 0 ? 1 : -1) }
      }
    }
    let model = try Small.line(SignDescent())
    // Predictions are too large by 1, 2 and 3 times x > 0.
    let x = Tensor([1, 1, 1] as [Float], shape: [1, 3])
    try model.fit(x, Tensor([0] as [Float]), verbose: .silent)
    #expect(try model.weights["dense/kernel"].floats == [0.5, 1.5, 2.5])
  }

  @Test func aLossALayerAndAMetricOfOnesOwn() throws {
    struct Scale: Layer {
      func forward(_ x: Node, _ weights: Weights) -> Node { x * weights("scale", [x.shape.last], .constant(2)) }
    }
    struct Pinball: Loss {
      var quantile: Float
      func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
        let difference = target - prediction
        return maximum(quantile * difference, (quantile - 1) * difference)
      }
    }
    struct WithinOne: Metric {
      let name = "within_one"
      var hits = 0.0, count = 0.0
      mutating func update(target: Tensor, prediction: Tensor, sampleWeight: Tensor?) {
        for (t, p) in zip(target.floats, prediction.floats) {
          hits += abs(t - p) <= 1 ? 1 : 0
          count += 1
        }
      }
      var result: Double { hits / count }
      mutating func reset() { (hits, count) = (0, 0) }
    }
    let model = Sequential {
      Input(shape: [1]); Scale()
    }
    try model.compile(optimizer: .sgd(learningRate: 1), loss: Pinball(quantile: 0.75), metrics: [WithinOne()])
    // Predictions 2, 4, 6 for targets 3, 3, 3: differences 1, -1, -3.
    let x = Tensor([1, 2, 3] as [Float], shape: [3, 1]), y = Tensor([3, 3, 3] as [Float])
    let scores = try model.evaluate(x, y, verbose: .silent)
    #expect((scores.loss - (0.75 + 0.25 + 0.75) / 3).magnitude < 1e-6)
    #expect((scores["within_one"]! - 2.0 / 3).magnitude < 1e-12)
    // Gradients (-0.75 · 1 + 0.25 · 2 + 0.25 · 3) / 3.
    try model.fit(x, y, verbose: .silent)
    #expect((try model.weights["scale/scale"].item - (2 - 0.5 / 3)).magnitude < 1e-6)

    // A formula in place is the same loss.
    let formula = Sequential {
      Input(shape: [1]); Scale()
    }
    try formula.compile(optimizer: .sgd(learningRate: 1)) { t, p in maximum(0.75 * (t - p), -0.25 * (t - p)) }
    try formula.fit(x, y, verbose: .silent)
    #expect((try formula.weights["scale/scale"].item - (2 - 0.5 / 3)).magnitude < 1e-6)
  }
}
