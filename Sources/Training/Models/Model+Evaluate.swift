import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers

extension Model {
  /// The loss and the metrics on some data. Nothing is changed.
  public func evaluate(
    _ x: any TensorSet, _ y: any TensorSet, batchSize: Int = 32, verbose: Verbosity = .auto, sampleWeight: Tensor? = nil,
    rejectNaN: Bool = false
  ) throws -> Scores {
    try check(batchSize: batchSize, "batchSize")
    let door = try door(for: x, rejectNaN: rejectNaN)
    let samples = try door.samples(x, y).weighted(
      classWeight: nil, sampleWeight: sampleWeight, outputs: door.structure.outputNames, losses: door.losses ?? [])
    let feed = ArrayFeed(samples.sources, count: samples.count, batchSize: batchSize)
    let planned = try program(
      .evaluation, batchSize: feed.batchSize, targetShapes: samples.targetShapes,
      hasWeights: samples.weights.map { $0 != nil })
    let progress = ProgressLine(verbose, stepCount: feed.stepCount)
    return Scores(try measure(feed, planned, progress: progress))
  }

  public func evaluate(
    _ data: Dataset, batchSize: Int = 32, verbose: Verbosity = .auto, rejectNaN: Bool = false
  ) throws -> Scores {
    try evaluate(data.x, data.y, batchSize: batchSize, verbose: verbose, rejectNaN: rejectNaN)
  }

  /// The loss and the metrics on one batch. Nothing is changed.
  public func testOnBatch(_ x: any TensorSet, _ y: any TensorSet, sampleWeight: Tensor? = nil) throws -> Scores {
    let tensors = try x.ordered(as: structure?.inputNames ?? ["input_layer"], "input")
    return try evaluate(
      x, y, batchSize: max(tensors[0].shape.rank > 0 ? tensors[0].shape[0] : 1, 1), verbose: .silent, sampleWeight: sampleWeight)
  }

  /// What the model says to each sample, batch axis first.
  public func predict(_ x: any TensorSet, batchSize: Int = 32, verbose: Verbosity = .silent) throws -> Tensor {
    let all = try predictions(x, batchSize: batchSize, verbose: verbose)
    guard all.count == 1 else {
      throw ModelError(
        .argument, "the model has \(all.count) outputs (\(structure!.outputNames.joined(separator: ", "))); "
          + "predictByName gives all of them")
    }
    return all[0]
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

  private func predictions(_ x: any TensorSet, batchSize: Int, verbose: Verbosity) throws -> [Tensor] {
    try check(batchSize: batchSize, "batchSize")
    let door = try door(for: x, needsLoss: false)
    let inputs = try door.inputs(x), count = inputs[0].shape[0]
    let feed = ArrayFeed(inputs, count: count, batchSize: batchSize)
    let planned = try program(.prediction, batchSize: feed.batchSize, targetShapes: [], hasWeights: [])
    let progress = ProgressLine(verbose, stepCount: feed.stepCount)
    let shapes = door.structure.outputs.map(\.shape)
    var results = shapes.map { Tensor.zeros(Shape([count] + $0.dimensions)) }
    var batch = Batch(), row = 0, step = 0
    progress.epochBegan(0)
    feed.begin(key: 0)
    while feed.next(&batch) {
      planned.program.run(batch)
      for (index, shape) in shapes.enumerated() {
        let width = shape.count, rows = batch.rows, start = row
        results[index].withUnsafeMutableFloats {
          ($0.baseAddress! + start * width).update(from: planned.program.output(index), count: rows * width)
        }
      }
      row += batch.rows
      step += 1
      progress.stepEnded(step, Logs())
    }
    progress.epochEnded(Logs())
    return results
  }
}
