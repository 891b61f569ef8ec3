import DeepSwift
import TestSupport
import Testing

/// The keys of the history and what callbacks decide, against real Keras.
@Suite struct KerasHistoryTests {
  static let file = Fixture(file: "history")

  @Test func theHistoryHasTheKeysOfKeras() throws {
    for item in Self.file("keys").list {
      let title = item.text, setup = try Setup(item)
      let model: Model, x: any TensorSet, y: any TensorSet
      if item("outputs").int == 2 {
        let input = Input(shape: [3], name: "x")
        let kind = Dense(2, activation: .softmax, name: "kind")(input), amount = Dense(1, name: "amount")(input)
        model = Model(inputs: input, outputs: [kind, amount])
        x = ["x": Self.values]
        y = ["kind": Self.labels, "amount": Tensor.ones([4, 1])]
      } else {
        let kind = item("targets").string, isValues = kind == "values"
        model = Sequential([
          InputLayer(shape: [3]), Dense(isValues ? 1 : 2, activation: isValues ? .linear : .softmax),
        ])
        x = Self.values
        y = kind == "labels" ? Self.labels : kind == "one hot" ? Self.labels.oneHot(classes: 2) : Tensor.ones([4, 1])
      }
      try setup.compile(model)
      var callbacks: [any Callback] = []
      for name in item["callbacks"]?.strings ?? [] {
        callbacks.append(name == "ReduceLROnPlateau" ? ReduceLROnPlateau() : LearningRateScheduler { _, rate in rate })
      }
      let history = try model.fit(
        x, y, verbose: .silent, callbacks: callbacks, validationData: item("validation").bool ? (x, y) : nil)
      // Keras puts the learning rate last.
      #expect(history.keys == item("history").strings.filter { !setup.isMissing($0) }.sorted(), "\(title)")
      let scores = try model.evaluate(x, y, verbose: .silent)
      #expect(scores.names == item("evaluate").strings.filter { !setup.isMissing($0) }, "\(title)")
    }
  }

  static let values = Tensor.random(uniform: -1...1, shape: [4, 3], seed: 1)
  static let labels = Tensor([0, 1, 1, 0] as [Int32])

  @Test func earlyStoppingStopsWhereKerasStops() throws {
    for item in Self.file("earlyStopping").list {
      let a = FixtureArguments(item("arguments"))
      let stopping = EarlyStopping(
        minDelta: a["min_delta"]?.double ?? 0, patience: a.int("patience"),
        mode: a.string("mode").flatMap(MonitorMode.init(rawValue:)) ?? .auto, baseline: a["baseline"]?.double,
        restoreBestWeights: a.bool("restore_best_weights", false), startFromEpoch: a.int("start_from_epoch"))
      try a.finish("EarlyStopping")
      let run = try ScriptedRun(item("sequence").doubles, [stopping])
      #expect(run.history.epochs.last == item("lastEpoch").int, "\(item.text)")
      // Keras says 0 where it did not stop.
      #expect(stopping.stoppedEpoch == (item("stopped").bool ? item("stoppedEpoch").int : nil), "\(item.text)")
      #expect(stopping.bestEpoch == item("bestEpoch").int, "\(item.text)")
      #expect(try run.model.weights["dense/kernel"].item == item("weights").float, "\(item.text)")
    }
  }

  @Test func theRateIsLoweredWhereKerasLowersIt() throws {
    for item in Self.file("reduceLearningRate").list {
      let a = FixtureArguments(item("arguments"))
      let reducing = ReduceLROnPlateau(
        factor: a["factor"]?.double ?? 0.1, patience: a.int("patience", 10),
        mode: a.string("mode").flatMap(MonitorMode.init(rawValue:)) ?? .auto, minDelta: a["min_delta"]?.double ?? 1e-4,
        cooldown: a.int("cooldown"), minLearningRate: a["min_lr"]?.double ?? 0)
      try a.finish("ReduceLROnPlateau")
      let run = try ScriptedRun(item("sequence").doubles, [reducing], rate: item("initial").float)
      for (found, expected) in zip(run.rates, item("learningRates").doubles) {
        #expect((Double(found) - expected).magnitude < 1e-5 * expected, "\(item.text)")
      }
      #expect(run.rates.count == item("learningRates").list.count)
      // The history has the rate that the epoch was trained with.
      let history = try #require(run.history["learning_rate"])
      #expect(history == [Double(item("initial").float)] + run.rates.dropLast().map(Double.init))
    }
  }
}

/// A training in which `val_loss` follows a script, and the weight is the number of the epoch.
struct ScriptedRun {
  let model: Sequential
  let history: History
  /// After each epoch.
  var rates: [Float] { script.rates }
  private let script: Script

  init(_ sequence: [Double], _ callbacks: [any Callback], rate: Float = 0.1) throws {
    model = Sequential {
      Input(shape: [1])
      Dense(1, useBias: false)
    }
    // Nothing moves: the gradient is zero.
    try model.compile(optimizer: .sgd(learningRate: rate)) { target, prediction in 0 * (target - prediction) }
    let script = Script(sequence), last = Last(script)
    self.script = script
    history = try model.fit(
      Tensor.ones([1, 1]), Tensor.ones([1, 1]), epochs: sequence.count, verbose: .silent,
      callbacks: [script] + callbacks + [last])
  }

  private final class Script: Callback {
    let sequence: [Double]
    var rates: [Float] = []
    init(_ sequence: [Double]) { self.sequence = sequence }

    func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) throws {
      run.logs["val_loss"] = sequence[epoch]
      try run.model.setWeights(["dense/kernel": Tensor.full([1, 1], Float(epoch))])
    }
  }

  private final class Last: Callback {
    let script: Script
    init(_ script: Script) { self.script = script }
    func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) { script.rates.append(run.learningRate) }
  }
}
