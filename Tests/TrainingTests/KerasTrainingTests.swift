import DeepSwift
import TestSupport
import Testing

/// Whole trainings against real Keras: same weights at the start, same data in the same order, then the same history, scores,
/// predictions and weights.
///
/// Keras computed in float64 and we compute in float32, so numbers differ a little more with every step.
@Suite struct KerasTrainingTests {
  @Test(arguments: Fixture.files(in: "training")) func trainsAsKerasDoes(file: String) throws {
    let item = Fixture(file: file)
    let model: Model
    do { model = try TestSupport.model(item("model")) } catch is FixtureGap { return }
    for name in item("frozen").strings { try model.layer(named: name).trainable = false }
    let setup = try Setup(item("compile"))
    try setup.compile(model)
    #expect(model.weights.names == item("weights").list.map { $0("path").string! })
    try model.setWeights(item("weights").list.map(\.tensor))
    #expect(Set(model.trainableNames) == Set(item("trainable").strings))

    let data = item("data"), x = tensors(data("x")), y = tensors(data("y"))
    let weight = data["sampleWeight"]?.tensor
    func expectState(_ expected: Fixture, _ when: String) throws {
      let scores = try model.evaluate(x, y, batchSize: item("fit")("batch_size").int, verbose: .silent, sampleWeight: weight)
      let known = expected("evaluate").columns.filter { !setup.isMissing($0.key) }
      #expect(Set(scores.names) == Set(known.keys), "\(when)")
      for (name, value) in known { #expect(distance([scores[name]!], value) < 1e-5, "\(when): \(name)") }
      let predictions = try model.predictByName(firstFour(x))
      let given = expected("predictions")
      for (name, found) in predictions {
        let wanted = given["values"] == nil ? given(name) : given
        #expect(distance(found.floats, wanted.numbers) < 2e-5, "predictions \(when)")
      }
    }
    try expectState(item("before"), "before")

    let history = try fit(model, item, x, y, weight)
    #expect(history.epochs == item("epochs").ints)
    let expected = item("history").columns.filter { !setup.isMissing($0.key) }
    // Keras puts the learning rate last, the rest in alphabetical order; here everything is.
    #expect(history.keys == expected.keys.sorted())
    for (name, values) in expected { #expect(distance(history[name] ?? [], values) < 2e-5, "\(name)") }

    #expect(model.optimizer?.iterations == item("after")("steps").int)
    for weight in item("after")("weights").list {
      let name = weight("path").string!
      // The gradient of a key's bias is nothing but rounding, which Adam makes steps of.
      if name.hasSuffix("_attention/key/bias") { continue }
      #expect(distance(try model.weights[name].floats, weight.numbers) < 3e-5, "\(name) afterwards")
    }
    try expectState(item("after"), "after")
  }

  @Test func nothingElseIsMissing() throws {
    var gaps: Set<String> = []
    for item in Fixture.files(in: "training").map({ Fixture(file: $0)("compile") }) {
      gaps.formUnion(try Setup(item).gaps)
    }
    for item in Fixture(file: "history")("keys").list { gaps.formUnion(try Setup(item).gaps) }
    #expect(gaps == Set(FixtureGaps.metricNames.keys))
  }

  private func fit(_ model: Model, _ item: Fixture, _ x: any TensorSet, _ y: any TensorSet, _ weight: Tensor?) throws -> History {
    let data = item("data"), given = FixtureArguments(item("fit"))
    var callbacks: [any Callback] = []
    for callback in given["callbacks"]?.list ?? [] {
      let rates = callback("arguments")("rates").doubles
      callbacks.append(LearningRateScheduler { epoch, _ in Float(rates[epoch]) })
    }
    var classWeight: [Int: Float]?
    if let weights = given["class_weight"] {
      classWeight = Dictionary(uniqueKeysWithValues: weights.keys.map { (Int($0)!, weights($0).float) })
    }
    let history = try model.fit(
      x, y, batchSize: given.int("batch_size", 32), epochs: given.int("epochs", 1), verbose: .silent, callbacks: callbacks,
      validationSplit: Double(given["validation_split"]?.double ?? 0),
      validationData: data["validationX"].map { (tensors($0), tensors(data("validationY"))) },
      shuffle: given.bool("shuffle", true), classWeight: classWeight, sampleWeight: weight,
      initialEpoch: given.int("initial_epoch"), stepsPerEpoch: given["steps_per_epoch"]?.int,
      validationBatchSize: given["validation_batch_size"]?.int, validationFrequency: given.int("validation_freq", 1))
    try given.finish("fit")
    return history
  }

  private func tensors(_ given: Fixture) -> any TensorSet {
    if given["values"] != nil { return given.tensor }
    return Dictionary(uniqueKeysWithValues: given.keys.map { ($0, given($0).tensor) })
  }

  private func firstFour(_ x: any TensorSet) -> any TensorSet {
    if let all = x as? [String: Tensor] { return all.mapValues { $0.prefix(4) } }
    return (x as! Tensor).prefix(4)
  }
}

/// What Keras' `compile` got, with the metrics that DeepSwift has.
struct Setup {
  let given: Fixture
  private(set) var gaps: Set<String> = []
  private var isByOutput = false
  private var metrics: [String: [any Metric]] = [:], weighted: [String: [any Metric]] = [:]

  init(_ given: Fixture) throws {
    self.given = given
    metrics = try read(given["metrics"])
    weighted = try read(given["weightedMetrics"])
  }

  /// Metrics by output; of a model with one output under "".
  private mutating func read(_ given: Fixture?) throws -> [String: [any Metric]] {
    guard let given else { return [:] }
    if given.isObject && given["class"] == nil {
      var all: [String: [any Metric]] = [:]
      for key in given.keys {
        let metrics = given(key)
        all[key] = try (metrics.isList ? metrics.list : [metrics]).compactMap { try metric($0) }
      }
      return all
    }
    if let first = given.list.first, first.isList {
      return try Dictionary(
        uniqueKeysWithValues: zip(["kind", "amount"], given.list).map { ($0, try $1.list.compactMap { try metric($0) }) })
    }
    return ["": try given.list.compactMap { try metric($0) }]
  }

  private mutating func metric(_ given: Fixture) throws -> (any Metric)? {
    do {
      return try TestSupport.metric(given)
    } catch let gap as FixtureGap {
      gaps.insert(gap.name)
      return nil
    }
  }

  /// Whether a name of the history belongs to a metric that DeepSwift lacks.
  func isMissing(_ name: String) -> Bool {
    let base = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
    let words = [
      "AUC": ["auc", "auc_1"], "Precision": ["precision"], "Recall": ["recall"],
    ]
    return gaps.contains { words[$0]?.contains(base) ?? (base == $0) }
  }

  func compile(_ model: Model, optimizer standard: any Optimizer = .sgd) throws {
    let optimizer = try given["optimizer"].map { try TestSupport.optimizer($0) } ?? standard
    let loss = given("loss")
    if loss.isObject && loss["class"] == nil || loss.isList {
      var losses: [String: any Loss] = [:]
      if loss.isList {
        for (name, loss) in zip(["kind", "amount"], loss.list) { losses[name] = try TestSupport.loss(loss) }
      } else {
        for name in loss.keys { losses[name] = try loss[name].map { try TestSupport.loss($0) } }
      }
      let factors = given["lossWeights"].map { f in Dictionary(uniqueKeysWithValues: f.keys.map { ($0, f($0).float) }) }
      try model.compile(
        optimizer: optimizer, loss: losses, lossWeights: factors ?? [:], metrics: metrics, weightedMetrics: weighted)
    } else {
      try model.compile(
        optimizer: optimizer, loss: TestSupport.loss(loss), metrics: metrics[""] ?? [], weightedMetrics: weighted[""] ?? [])
    }
  }
}

extension Model {
  /// The names of the weights that training changes.
  fileprivate var trainableNames: [String] {
    let trained = Set(trainableParameters.map(\.id))
    return parameters.filter { trained.contains($0.parameter.id) }.map(\.name)
  }
}
