import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers

extension Model {
  /// The loss and the metrics on some data. Nothing is changed.
  ///
  /// ```swift
  /// let scores = try model.evaluate(xTest, yTest)
  /// print(scores.loss, scores.accuracy)
  /// ```
  public func evaluate(
    _ x: any TensorSet, _ y: any TensorSet, batchSize: Int = 32, verbose: Verbosity = .auto, sampleWeight: Tensor? = nil,
    rejectNaN: Bool = false
  ) throws -> Scores {
    try check(batchSize: batchSize, "batchSize")
    let (feed, planned) = try unchangedIfRefused {
      let samples = try door(for: x, rejectNaN: rejectNaN).samples(x, y).weighted(sampleWeight)
      let feed = ArrayFeed(samples.sources, count: samples.count, batchSize: batchSize)
      return (feed, try program(.evaluation, for: samples, batchSize: feed.batchSize))
    }
    let progress = ProgressLine(verbose, stepCount: feed.stepCount)
    return Scores(try measure(feed, planned, progress: progress))
  }

  /// The loss and the metrics on a data set. Nothing is changed.
  public func evaluate(
    _ data: Dataset, batchSize: Int = 32, verbose: Verbosity = .auto, rejectNaN: Bool = false
  ) throws -> Scores {
    try evaluate(data.x, data.y, batchSize: batchSize, verbose: verbose, rejectNaN: rejectNaN)
  }

  /// The loss and the metrics on a source of batches. Nothing is changed.
  public func evaluate(
    _ source: any BatchedDataset, verbose: Verbosity = .auto, rejectNaN: Bool = false
  ) throws -> Scores {
    let (feed, planned) = try unchangedIfRefused {
      let feed = try SourceFeed(source, try door(for: source, rejectNaN: rejectNaN))
      return (feed, try program(.evaluation, for: feed.first))
    }
    return Scores(try measure(feed, planned, progress: ProgressLine(verbose, stepCount: feed.stepCount)))
  }

  /// The loss and the metrics on one batch. Nothing is changed.
  public func testOnBatch(_ x: any TensorSet, _ y: any TensorSet, sampleWeight: Tensor? = nil) throws -> Scores {
    let tensors = try x.ordered(as: structure?.inputNames ?? ["input_layer"], "input")
    return try evaluate(
      x, y, batchSize: max(tensors[0].shape.rank > 0 ? tensors[0].shape[0] : 1, 1), verbose: .silent, sampleWeight: sampleWeight)
  }

  /// What the model says to each sample, batch axis first.
  ///
  /// ```swift
  /// // [count, classes]
  /// let probabilities = try model.predict(images)
  /// // a number for each image
  /// let classes = probabilities.argmax()
  /// ```
  public func predict(_ x: any TensorSet, batchSize: Int = 32, verbose: Verbosity = .silent) throws -> Tensor {
    try only(predictions(x, batchSize: batchSize, verbose: verbose))
  }

  /// What the model says to each sample, for each output by its name.
  public func predictByName(_ x: any TensorSet, batchSize: Int = 32, verbose: Verbosity = .silent) throws -> [String: Tensor] {
    let all = try predictions(x, batchSize: batchSize, verbose: verbose)
    return Dictionary(uniqueKeysWithValues: zip(structure!.outputNames, all))
  }

  /// What the model says to one batch.
  public func predictOnBatch(_ x: any TensorSet) throws -> Tensor {
    let tensors = try x.ordered(as: structure?.inputNames ?? ["input_layer"], "input")
    return try predict(x, batchSize: max(tensors[0].shape.rank > 0 ? tensors[0].shape[0] : 1, 1))
  }

  /// What the model says to each sample of a source, in the source's order.
  public func predict(_ source: any BatchedDataset, verbose: Verbosity = .silent) throws -> Tensor {
    try only(predictions(source, verbose))
  }

  /// What the model says to each sample of a source, for each output by its name.
  public func predictByName(_ source: any BatchedDataset, verbose: Verbosity = .silent) throws -> [String: Tensor] {
    let all = try predictions(source, verbose)
    return Dictionary(uniqueKeysWithValues: zip(structure!.outputNames, all))
  }

  private func predictions(_ source: any BatchedDataset, _ verbose: Verbosity) throws -> [Tensor] {
    let (door, feed) = try unchangedIfRefused {
      let door = try self.door(for: source, needsLoss: false)
      return (door, try SourceFeed(source, door, needsTargets: false))
    }
    return try predictions(feed, door, count: nil, verbose)
  }

  private func only(_ outputs: [Tensor]) throws -> Tensor {
    guard outputs.count == 1 else {
      throw ModelError(
        .argument,
        "the model has \(outputs.count) outputs (\(structure!.outputNames.joined(separator: ", "))); "
          + "predictByName gives all of them")
    }
    return outputs[0]
  }

  private func predictions(_ x: any TensorSet, batchSize: Int, verbose: Verbosity) throws -> [Tensor] {
    try check(batchSize: batchSize, "batchSize")
    if let door = predictionDoor, verbose == .silent {
      let inputs = try door.inputs(x), count = inputs[0].shape[0]
      if let program = programs[count == 1 ? .predictionOfOne : .prediction]?.program,
        count <= min(batchSize, program.settings.capacity)
      {
        return predictionsAtOnce(inputs, count, program)
      }
    }
    let (door, inputs) = try unchangedIfRefused {
      let door = try self.door(for: x, needsLoss: false)
      return (door, try door.inputs(x))
    }
    let count = inputs[0].shape[0]
    return try predictions(ArrayFeed(inputs, count: count, batchSize: batchSize), door, count: count, verbose)
  }

  /// A single batch that the planned program can take, without what many batches need: a service asks for one row at a time.
  private func predictionsAtOnce(_ inputs: [Tensor], _ count: Int, _ program: Program) -> [Tensor] {
    withUnsafeTemporaryAllocation(of: Source.self, capacity: inputs.count) { sources in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: count) { order in
        for index in inputs.indices { sources.initializeElement(at: index, to: Source(inputs[index])) }
        for row in 0..<count { order.initializeElement(at: row, to: Int32(row)) }
        var batch = StepInput()
        batch.sources = sources.baseAddress!
        batch.order = UnsafePointer(order.baseAddress!)
        batch.rows = count
        withExtendedLifetime(inputs) { program.run(batch) }
      }
    }
    return structure!.outputs.enumerated().map { index, output in
      let numbers = UnsafeBufferPointer(start: program.output(index), count: count * output.shape.count)
      return Tensor(Array(numbers), shape: Shape([count] + output.shape.dimensions))
    }
  }

  /// - Parameter count: the number of samples, if it is known.
  private func predictions(_ feed: any Feed, _ door: DataCheck, count: Int?, _ verbose: Verbosity) throws -> [Tensor] {
    let progress = ProgressLine(verbose, stepCount: feed.stepCount)
    let shapes = door.structure.outputs.map(\.shape)
    var results = shapes.map { [Float](unsafeUninitializedCapacity: (count ?? 0) * $0.count) { $1 = 0 } }
    var batch = StepInput(), step = 0, rows = 0
    try feed.begin(pass: 0, key: 0)
    progress.epochBegan(0)
    while try feed.next(&batch) {
      let most = count == 1 ? 1 : max(feed.batchSize, batch.rows)
      let planned = try program(
        most == 1 ? .predictionOfOne : .prediction, batchSize: most, targetShapes: [], hasWeights: [])
      predictionDoor = door
      planned.program.run(batch)
      for (index, shape) in shapes.enumerated() {
        results[index] += UnsafeBufferPointer(start: planned.program.output(index), count: batch.rows * shape.count)
      }
      rows += batch.rows
      step += 1
      progress.stepEnded(step, Logs())
    }
    progress.epochEnded(Logs())
    return zip(results, shapes).map { Tensor($0, shape: Shape([rows] + $1.dimensions)) }
  }
}
