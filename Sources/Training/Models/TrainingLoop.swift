import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers

/// One call of `fit`: epochs of steps, each with its validation, and callbacks that are told of everything.
///
/// Between two steps all that it knows lies in a few values, so that a backup can be made there and gone on from.
final class TrainingLoop {
  let model: Model
  let settings: FitSettings
  let feed: any Feed
  let validation: (feed: any Feed, planned: PlannedProgram)?
  let compilation: Compilation
  let optimizer: OptimizerState
  let measure: Measure
  let run: TrainingRun
  let callbacks: [any Callback]
  private let progress: ProgressLine
  private let interruption = Interruption()
  private var batch = StepInput()

  var history = History()
  var position: TrainingPosition
  var data = DataPosition()
  /// What a backup of this training has to fit.
  lazy var setting = makeSetting()

  init(
    _ model: Model, _ feed: any Feed, _ planned: PlannedProgram, validation: (feed: any Feed, planned: PlannedProgram)?,
    _ settings: FitSettings
  ) throws {
    (self.model, self.feed, self.validation, self.settings) = (model, feed, validation, settings)
    compilation = try model.compiled()
    guard let optimizer = compilation.state else { preconditionFailure("a training program has an optimizer state") }
    self.optimizer = optimizer
    callbacks = settings.callbacks
    position = TrainingPosition(epoch: settings.initialEpoch)
    measure = Measure(planned, model.structure!, compilation)
    let progress = ProgressLine(
      settings.verbose, epochs: settings.epochs, stepCount: settings.stepsPerEpoch ?? feed.stepCount)
    self.progress = progress
    run = TrainingRun(model: model, epochs: settings.epochs) { text in
      if settings.verbose != .silent { progress.message(text) }
    }
    run.hasValidation = validation != nil
    run.callbacks = callbacks
    let names = measure.logs.keys
    run.logNames = names + (validation == nil ? [] : names.map { "val_\($0)" })
  }

  func train() throws -> History {
    if settings.verbose != .silent { DebugNote.once }
    run.makeBackup = { [unowned self] in try backup(isWithinEpoch: $0) }
    try begin()
    // Drawn when the weights were made, or part of the backup.
    let seed = model.seed!
    batch.seed = UInt32(truncatingIfNeeded: seed ^ seed >> 32)
    while position.epoch < settings.epochs, !run.isStopped, try trainEpoch() {}
    model.history = history
    try tell { try $0.trainingEnded(run.logs, run) }
    return history
  }

  private func begin() throws {
    for case let keeper as any BackupKeeper in callbacks {
      guard let backup = try keeper.backup(for: run) else { continue }
      do {
        return try resume(from: backup)
      } catch var error as ModelError {
        error.place = [backup.place, error.place].compactMap { $0 }.joined(separator: ", ")
        throw error
      } catch let error as DecodingError {
        throw ModelError(.file, at: backup.place, "the backup is damaged: \(error). Remove it to begin anew.")
      }
    }
    try tell { try $0.trainingBegan(run) }
  }

  /// `false` if a callback ended the training before the first step.
  private func trainEpoch() throws -> Bool {
    run.epoch = position.epoch
    progress.epochBegan(position.epoch)
    // An epoch that goes on from a backup has begun before.
    if position.step == 0 {
      run.logs = Logs()
      measure.reset()
      try tell { try $0.epochBegan(position.epoch, run) }
      guard !run.isStopped else { return false }
      // With a number of steps of its own, an epoch goes on where the last one stopped.
      if data.isOver || settings.stepsPerEpoch == nil { try beginPass() }
    }
    try takeSteps()
    try finishEpoch()
    return true
  }

  private func takeSteps() throws {
    let steps = settings.stepsPerEpoch ?? feed.stepCount
    while position.step < steps ?? .max, !run.isStopped, try nextBatch() { try step() }
    guard position.step > 0 else { throw ModelError.noBatches }
    if settings.stepsPerEpoch == nil, let expected = feed.stepCount, position.step < expected, !run.isStopped {
      throw SourceFeed.brokenPromise(expected, gave: position.step)
    }
  }

  private func nextBatch() throws -> Bool {
    if try !feed.next(&batch) {
      // Data that run out end the epoch, and the next one begins with them anew, as in Keras; but a source that cannot fill a
      // single epoch is a mistake.
      if feed is SourceFeed, position.epoch == settings.initialEpoch, let asked = settings.stepsPerEpoch {
        throw SourceFeed.ranOut(after: position.step, of: asked)
      }
      guard position.step == 0, settings.stepsPerEpoch != nil else {
        data.isOver = true
        return false
      }
      try beginPass()
      guard try feed.next(&batch) else { throw ModelError.noBatches }
    }
    data.batches += 1
    return true
  }

  private func beginPass() throws {
    try feed.begin(pass: data.passes, key: shuffleKey(optimizer.iteration, seed: model.seed!))
    data.passes += 1
    (data.iteration, data.batches, data.isOver) = (optimizer.iteration, 0, false)
  }

  /// The key of a pass's order: it follows from the steps taken, so that a training that is resumed goes on alike.
  func shuffleKey(_ iteration: Int, seed: UInt64) -> UInt64 {
    RandomSource(seed: seed, key: "shuffle").bits(at: UInt64(iteration))
  }

  private func step() throws {
    try tell { try $0.batchBegan(position.step, run) }
    batch.number = UInt32(truncatingIfNeeded: optimizer.iteration)
    batch.iteration = optimizer.iteration
    batch.learningRate = compilation.optimizer.learningRate.rate(at: optimizer.iteration)
    try model.execute(batch, .training, measure)
    optimizer.iteration += 1
    run.batchLoss = measure.add(rows: batch.rows)
    position.step += 1
    progress.stepEnded(position.step, measure.logs)
    if !callbacks.isEmpty {
      let logs = measure.logs
      try tell { try $0.batchEnded(position.step - 1, logs, run) }
    }
    if interruption.isRequested { run.interrupt() }
    try tell { try $0.positionReached(position, run) }
  }

  private func finishEpoch() throws {
    let epoch = position.epoch, isInterrupted = interruption.isRequested
    run.isCutShort = run.isStopped || isInterrupted
    run.logs = measure.logs
    if let validation, (epoch + 1) % settings.validationFrequency == 0, !isInterrupted {
      try tell { try $0.testBegan(run) }
      let scores = try locating("validationData") {
        try model.measure(validation.feed, validation.planned, pass: data.validations)
      }
      data.validations += 1
      for (name, value) in scores { run.logs["val_\(name)"] = value }
      try tell { try $0.testEnded(scores, run) }
    }
    // Values that a callback adds are seen by those after it, and end up in the history.
    for callback in callbacks { try callback.epochEnded(epoch, run.logs, run) }
    run.logs = Logs(run.logs.sorted { $0.0 < $1.0 })
    history.append(epoch: epoch, logs: run.logs)
    model.history = history
    progress.epochEnded(run.logs)
    position = TrainingPosition(epoch: epoch + 1)
    try tell { try $0.positionReached(position, run) }
    if interruption.isRequested { run.interrupt() }
  }

  private func tell(_ message: (any Callback) throws -> Void) rethrows { for callback in callbacks { try message(callback) } }
}
