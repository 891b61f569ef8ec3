import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers

extension Model {
  /// Trains the model, and returns what was measured in each epoch.
  ///
  /// ```swift
  /// let history = try model.fit(
  ///   x, y, batchSize: 100, epochs: 10, validationSplit: 0.1)
  /// // a table, a row for each epoch
  /// print(history)
  /// try history.plot(to: "training.svg")
  /// ```
  ///
  /// Task cancellation and Ctrl-C end the training after the current batch; the history so far is returned.
  ///
  /// - Parameters:
  ///   - x: the samples, batch axis first.
  ///   - y: their targets.
  ///   - epochs: the epoch to end before; with `initialEpoch`, not the number of epochs.
  ///   - validationSplit: the share of the samples, from their end, that is kept for validation.
  ///   - validationData: samples and targets that are measured after each epoch.
  ///   - shuffle: whether every epoch has an order of its own.
  ///   - classWeight: how much samples of a class count in the loss; 1 for classes that are not named.
  ///   - sampleWeight: how much each sample counts in the loss.
  ///   - stepsPerEpoch: batches of an epoch, if not one pass over the data.
  ///   - validationFrequency: validates every so many epochs.
  ///   - rejectNaN: looks through the data first, and throws where a number is none.
  @discardableResult
  public func fit(
    _ x: Tensor, _ y: Tensor, batchSize: Int = 32, epochs: Int = 1, verbose: Verbosity = .auto,
    callbacks: [any Callback] = [], validationSplit: Double = 0, validationData: (Tensor, Tensor)? = nil,
    shuffle: Bool = true, classWeight: [Int: Float]? = nil, sampleWeight: Tensor? = nil, initialEpoch: Int = 0,
    stepsPerEpoch: Int? = nil, validationBatchSize: Int? = nil, validationFrequency: Int = 1, rejectNaN: Bool = false
  ) throws -> History {
    let validation: (any TensorSet, any TensorSet)? = validationData.map { ($0.0, $0.1) }
    return try fit(
      x as any TensorSet, y as any TensorSet, batchSize: batchSize, epochs: epochs, verbose: verbose, callbacks: callbacks,
      validationSplit: validationSplit, validationData: validation, shuffle: shuffle, classWeight: classWeight,
      sampleWeight: sampleWeight, initialEpoch: initialEpoch, stepsPerEpoch: stepsPerEpoch,
      validationBatchSize: validationBatchSize, validationFrequency: validationFrequency, rejectNaN: rejectNaN)
  }

  /// Trains a model with several inputs or outputs: tensors by name, or in order.
  ///
  /// ```swift
  /// try model.fit(["age": ages, "image": images], prices, epochs: 10)
  /// ```
  @discardableResult
  public func fit(
    _ x: any TensorSet, _ y: any TensorSet, batchSize: Int = 32, epochs: Int = 1, verbose: Verbosity = .auto,
    callbacks: [any Callback] = [], validationSplit: Double = 0, validationData: (any TensorSet, any TensorSet)? = nil,
    shuffle: Bool = true, classWeight: [Int: Float]? = nil, sampleWeight: Tensor? = nil, initialEpoch: Int = 0,
    stepsPerEpoch: Int? = nil, validationBatchSize: Int? = nil, validationFrequency: Int = 1, rejectNaN: Bool = false
  ) throws -> History {
    let settings = FitSettings(
      epochs: epochs, initialEpoch: initialEpoch, stepsPerEpoch: stepsPerEpoch, validationFrequency: validationFrequency,
      verbose: verbose, callbacks: callbacks)
    try settings.check()
    try check(batchSize: batchSize, "batchSize")
    try check(batchSize: validationBatchSize ?? batchSize, "validationBatchSize")

    let (feed, planned, check) = try unchangedIfRefused {
      let door = try door(for: x, rejectNaN: rejectNaN)
      var samples = try door.samples(x, y).weighted(sampleWeight)
      var validation = try validationData.map { try door.samples($0.0, $0.1) }
      if validationSplit != 0 && validation == nil {
        (samples, validation) = try samples.split(validationSplit)
      }
      // The weights of classes are for training alone.
      samples = try samples.weighted(classWeight, door)
      try checkSwitches()

      let feed = ArrayFeed(samples.sources, count: samples.count, batchSize: batchSize, shuffles: shuffle)
      let planned = try program(.training, for: samples, batchSize: feed.batchSize)
      let check = try validation.map { data -> (any Feed, PlannedProgram) in
        let feed = ArrayFeed(data.sources, count: data.count, batchSize: validationBatchSize ?? batchSize)
        return (feed, try program(.evaluation, for: data, batchSize: feed.batchSize))
      }
      return (feed, planned, check)
    }
    return try train(feed, planned, validation: check, settings)
  }

  /// Trains on a data set.
  ///
  /// ```swift
  /// let (train, test) = try FashionMNIST.load()
  /// let (training, validation) = train.split(0.9)
  /// try model.fit(training, epochs: 10, validationData: validation)
  /// ```
  @discardableResult
  public func fit(
    _ data: Dataset, batchSize: Int = 32, epochs: Int = 1, verbose: Verbosity = .auto, callbacks: [any Callback] = [],
    validationSplit: Double = 0, validationData: Dataset? = nil, shuffle: Bool = true, classWeight: [Int: Float]? = nil,
    sampleWeight: Tensor? = nil, initialEpoch: Int = 0, stepsPerEpoch: Int? = nil, validationBatchSize: Int? = nil,
    validationFrequency: Int = 1, rejectNaN: Bool = false
  ) throws -> History {
    try fit(
      data.x, data.y, batchSize: batchSize, epochs: epochs, verbose: verbose, callbacks: callbacks,
      validationSplit: validationSplit, validationData: validationData.map { ($0.x, $0.y) }, shuffle: shuffle,
      classWeight: classWeight, sampleWeight: sampleWeight, initialEpoch: initialEpoch, stepsPerEpoch: stepsPerEpoch,
      validationBatchSize: validationBatchSize, validationFrequency: validationFrequency, rejectNaN: rejectNaN)
  }

  /// Trains on a source of batches, which is gone through once in each epoch.
  ///
  /// ```swift
  /// let (training, validation) = try ImageFolder("photos").split(0.8)
  /// try model.fit(
  ///   training.prefetched(), epochs: 10, validationData: validation)
  /// ```
  ///
  /// - Parameters:
  ///   - classWeight: how much samples of a class count in the loss, beside the weights that batches may have.
  ///   - stepsPerEpoch: batches of an epoch, if not one pass; the next epoch goes on where this one stopped. A pass that has
  ///     fewer is an error: see ``BatchedDataset/repeated(_:)``.
  @discardableResult
  public func fit(
    _ source: any BatchedDataset, epochs: Int = 1, verbose: Verbosity = .auto, callbacks: [any Callback] = [],
    validationData: (any BatchedDataset)? = nil, classWeight: [Int: Float]? = nil, initialEpoch: Int = 0,
    stepsPerEpoch: Int? = nil, validationFrequency: Int = 1, rejectNaN: Bool = false
  ) throws -> History {
    let settings = FitSettings(
      epochs: epochs, initialEpoch: initialEpoch, stepsPerEpoch: stepsPerEpoch, validationFrequency: validationFrequency,
      verbose: verbose, callbacks: callbacks)
    try settings.check()
    if let stepsPerEpoch, let count = source.batchCount, count < stepsPerEpoch {
      throw SourceFeed.ranOut(after: count, of: stepsPerEpoch)
    }
    let (feed, planned, check) = try unchangedIfRefused {
      let door = try door(for: source, rejectNaN: rejectNaN)
      let feed = try SourceFeed(source, door, pass: initialEpoch, classWeight: classWeight)
      let check = try validationData.map { source in
        try locating("validationData") { try SourceFeed(source, door) }
      }
      try checkSwitches()
      let planned = try program(.training, for: feed.first)
      return (feed, planned, try check.map { ($0, try program(.evaluation, for: $0.first)) })
    }
    return try train(feed, planned, validation: check, settings)
  }

  /// The program for samples like these.
  func program(_ kind: ProgramKind, for samples: Samples, batchSize: Int? = nil) throws -> PlannedProgram {
    try program(
      kind, batchSize: batchSize ?? samples.count, targetShapes: samples.targetShapes,
      hasWeights: samples.weights.map { $0 != nil })
  }

  /// Trains on one batch, and returns its loss and metrics as they were before the step.
  @discardableResult
  public func trainOnBatch(
    _ x: any TensorSet, _ y: any TensorSet, classWeight: [Int: Float]? = nil, sampleWeight: Tensor? = nil
  ) throws -> Scores {
    let (samples, planned) = try unchangedIfRefused {
      let door = try door(for: x)
      let samples = try door.samples(x, y).weighted(sampleWeight).weighted(classWeight, door)
      try checkSwitches()
      return (samples, try program(.training, for: samples))
    }
    let compilation = try compiled(), state = compilation.state!
    let feed = ArrayFeed(samples.sources, count: samples.count, batchSize: samples.count)
    let measure = Measure(planned, structure!, compilation)
    var batch = StepInput()
    batch.seed = UInt32(truncatingIfNeeded: seed! ^ seed! >> 32)
    _ = feed.next(&batch)
    batch.number = UInt32(truncatingIfNeeded: state.iteration)
    batch.iteration = state.iteration
    batch.learningRate = compilation.optimizer.learningRate.rate(at: state.iteration)
    // The batch points into the feed's memory.
    withExtendedLifetime(feed) { planned.program.run(batch) }
    state.iteration += 1
    measure.add(rows: batch.rows)
    return Scores(measure.logs)
  }

  func check(batchSize: Int, _ name: String) throws {
    guard batchSize > 0 else { throw ModelError(.argument, "\(name) must be at least 1, received \(batchSize)") }
  }

  /// What checks these data at the door. A model that did not know its input learns its shape from them.
  func door(for x: any TensorSet, needsLoss: Bool = true, rejectNaN: Bool = false) throws -> DataCheck {
    try door(needsLoss: needsLoss, rejectNaN: rejectNaN) { try x.ordered(as: ["input_layer"], "input")[0] }
  }

  /// The same for the batches of a source.
  func door(for source: any BatchedDataset, needsLoss: Bool = true, rejectNaN: Bool = false) throws -> DataCheck {
    try door(needsLoss: needsLoss, rejectNaN: rejectNaN) {
      var batches = try source.makeBatches(pass: 0)
      guard let x = try batches.next()?.inputs.values.first else {
        throw ModelError.noBatches
      }
      return x
    }
  }

  private func door(needsLoss: Bool, rejectNaN: Bool, sample: () throws -> Tensor) throws -> DataCheck {
    if let fault { throw fault }
    if needsLoss { _ = try compiled() }
    if structure == nil {
      let shape = try sample().shape
      guard shape.rank > 0, shape.count > 0 else {
        throw ModelError(.argument, "there are no samples: the shape is \(shape)")
      }
      try connect([Shape(shape.dimensions.dropFirst().map { $0 })])
    }
    let expression = try built()
    let compilation = needsLoss ? try compiled() : nil
    if let compilation { try checkActivations(expression, compilation.losses) }
    let metrics = compilation.map { zip($0.metrics, $0.weightedMetrics).map { $0 + $1 } }
    return DataCheck(
      structure: structure!, expression: expression, losses: compilation?.losses, metrics: metrics ?? [],
      rejectsNaN: rejectNaN)
  }
}

extension Samples {
  /// The same with a weight for each sample.
  func weighted(_ sampleWeight: Tensor?) throws -> Samples {
    guard let sampleWeight else { return self }
    guard sampleWeight.shape == [count] || sampleWeight.shape == [count, 1] else {
      throw ModelError(
        .shape, at: "sampleWeight", "one weight for each of \(count) samples is needed, received shape \(sampleWeight.shape)")
    }
    let weight = sampleWeight.converted(to: .float32).reshaped([count])
    return Samples(inputs: inputs, targets: targets, weights: targets.map { $0 == nil ? nil : weight }, count: count)
  }

  /// The same with the weights of classes, which multiply those of samples.
  func weighted(_ classWeight: [Int: Float]?, _ door: DataCheck) throws -> Samples {
    guard let classWeight else { return self }
    let weights = try targets.enumerated().map { index, target -> Tensor? in
      guard let target else { return nil }
      var values = self.weights[index]?.floats ?? Array(repeating: 1, count: count)
      let classes = try classes(of: target, door.structure.outputNames[index])
      for row in 0..<count { values[row] *= classWeight[classes[row]] ?? 1 }
      return Tensor(values, shape: [count])
    }
    return Samples(inputs: inputs, targets: targets, weights: weights, count: count)
  }

  /// The class of each sample, for class weights.
  private func classes(of target: Tensor, _ output: String) throws -> [Int] {
    let width = target.shape.count / count
    // What names no class has the weight of those that are not named.
    if width == 1 { return target.floats.map { Int(exactly: $0.rounded()) ?? -1 } }
    guard target.shape.rank == 2 else {
      throw ModelError(
        .argument, at: "output \"\(output)\"",
        "classWeight needs one class for each sample, but targets have shape \(target.shape)")
    }
    let values = target.floats
    return (0..<count).map { row in
      (1..<width).reduce(0) { values[row * width + $1] > values[row * width + $0] ? $1 : $0 }
    }
  }

  /// The first samples, and the last `fraction` of them.
  func split(_ fraction: Double) throws -> (Samples, Samples) {
    guard fraction > 0, fraction < 1 else {
      throw ModelError(
        .argument,
        "validationSplit is the share of the samples that is kept for validation: it lies between 0 and 1, received \(fraction)"
      )
    }
    let first = Int((Double(count) * (1 - fraction)).rounded(.down))
    guard first > 0, first < count else {
      throw ModelError(
        .argument,
        "validationSplit \(fraction) of \(count) samples leaves nothing to \(first == 0 ? "train on" : "validate with")")
    }
    func part(_ range: Range<Int>) -> Samples {
      Samples(
        inputs: inputs.map { $0[range] }, targets: targets.map { $0?[range] }, weights: weights.map { $0?[range] },
        count: range.count)
    }
    return (part(0..<first), part(first..<count))
  }
}

extension Model {
  /// Runs what may refuse data. A model that learned the shape of its input from data that were refused forgets it again, so
  /// that it can learn another one.
  func unchangedIfRefused<Result>(_ body: () throws -> Result) throws -> Result {
    let ignorant = modelsWithoutInput
    do {
      return try body()
    } catch {
      ignorant.forEach { $0.forgetInput() }
      throw error
    }
  }

  private var modelsWithoutInput: [Model] {
    (structure == nil ? [self] : []) + layers.compactMap { $0.layer as? Model }.flatMap(\.modelsWithoutInput)
  }

  /// The seed stays, so that the weights come out as they would have.
  private func forgetInput() {
    structure = nil
    stores = []
    programs = [:]
    compilation?.state = nil
    for layer in layers {
      if !(layer.layer is Model) { layer.scope.forgetParameters(after: 0) }
      layer.outputShape = nil
    }
  }
}
