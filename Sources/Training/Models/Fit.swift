import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers

/// How `fit` walks over the data.
struct FitSettings {
  var epochs = 1
  var initialEpoch = 0
  var stepsPerEpoch: Int?
  var validationFrequency = 1
  var verbose = Verbosity.auto
  var callbacks: [any Callback] = []

  func check() throws {
    guard epochs >= 0, initialEpoch >= 0 else {
      throw ModelError(.argument, "epochs and initialEpoch are not negative, received \(epochs) and \(initialEpoch)")
    }
    if let stepsPerEpoch, stepsPerEpoch < 1 {
      throw ModelError(.argument, "stepsPerEpoch must be at least 1, received \(stepsPerEpoch)")
    }
    guard validationFrequency >= 1 else {
      throw ModelError(.argument, "validationFrequency must be at least 1, received \(validationFrequency)")
    }
  }
}

extension Model {
  /// Trains on what `feed` gives, and returns what was measured in each epoch.
  ///
  /// Everything about the data was checked before, so that from here on only callbacks and sources of data can fail.
  func train(
    _ feed: any Feed, _ planned: PlannedProgram, validation: (feed: any Feed, planned: PlannedProgram)?, _ settings: FitSettings
  ) throws -> History {
    let compilation = try compiled(), structure = structure!
    guard let state = compilation.state else { preconditionFailure("a training program has an optimizer state") }
    if settings.verbose != .silent { DebugNote.once }
    let steps = settings.stepsPerEpoch ?? feed.stepCount
    let progress = ProgressLine(settings.verbose, epochs: settings.epochs, stepCount: steps)
    let run = TrainingRun(model: self, epochs: settings.epochs) { text in
      if settings.verbose != .silent { progress.message(text) }
    }
    run.hasValidation = validation != nil
    let measure = Measure(planned, structure, compilation)
    let interruption = Interruption()
    let callbacks = settings.callbacks
    var history = History()
    var batch = StepInput()
    batch.seed = UInt32(truncatingIfNeeded: seed! ^ seed! >> 32)
    // With a number of steps of its own, an epoch goes on where the last one stopped.
    var isFresh = true

    try callbacks.forEach { try $0.trainingBegan(run) }
    var epoch = settings.initialEpoch
    while epoch < settings.epochs, !run.isStopped {
      run.epoch = epoch
      run.logs = Logs()
      measure.reset()
      progress.epochBegan(epoch)
      try callbacks.forEach { try $0.epochBegan(epoch, run) }
      guard !run.isStopped else { break }
      if isFresh || settings.stepsPerEpoch == nil { try feed.begin(key: shuffleKey(state.iteration)) }
      isFresh = false

      var step = 0
      while step < steps ?? .max, !run.isStopped {
        if try !feed.next(&batch) {
          // Data that run out end the epoch, and the next one begins with them anew, as in Keras; but a source that cannot
          // fill a single epoch is a mistake.
          if feed is SourceFeed, epoch == settings.initialEpoch, let asked = settings.stepsPerEpoch {
            throw SourceFeed.ranOut(after: step, of: asked)
          }
          guard step == 0, settings.stepsPerEpoch != nil else {
            isFresh = true
            break
          }
          try feed.begin(key: shuffleKey(state.iteration))
          guard try feed.next(&batch) else { throw ModelError(.argument, "the source of batches has none") }
        }
        try callbacks.forEach { try $0.batchBegan(step, run) }
        batch.number = UInt32(truncatingIfNeeded: state.iteration)
        batch.iteration = state.iteration
        batch.learningRate = compilation.optimizer.learningRate.rate(at: state.iteration)
        try execute(batch, .training, measure)
        state.iteration += 1
        run.batchLoss = measure.add(rows: batch.rows)
        step += 1
        progress.stepEnded(step, measure.logs)
        if !callbacks.isEmpty {
          let logs = measure.logs
          try callbacks.forEach { try $0.batchEnded(step - 1, logs, run) }
        }
        if interruption.isRequested { run.stop(because: "it was interrupted") }
      }
      guard step > 0 else { throw ModelError(.argument, "the source of batches has none") }
      if settings.stepsPerEpoch == nil, let expected = feed.stepCount, step < expected, !run.isStopped {
        throw ModelError(.argument, "the source of batches promised \(expected) batches and gave \(step)")
      }

      run.logs = measure.logs
      if let validation, (epoch + 1) % settings.validationFrequency == 0, !interruption.isRequested {
        try callbacks.forEach { try $0.testBegan(run) }
        let scores = try self.measure(validation.feed, validation.planned)
        for (name, value) in scores { run.logs["val_\(name)"] = value }
        try callbacks.forEach { try $0.testEnded(scores, run) }
      }
      // Values that a callback adds are seen by those after it, and end up in the history.
      for callback in callbacks { try callback.epochEnded(epoch, run.logs, run) }
      run.logs = Logs(run.logs.sorted { $0.0 < $1.0 })
      history.append(epoch: epoch, logs: run.logs)
      self.history = history
      progress.epochEnded(run.logs)
      epoch += 1
    }
    self.history = history
    try callbacks.forEach { try $0.trainingEnded(run.logs, run) }
    return history
  }

  /// One pass over data without training.
  func measure(_ feed: any Feed, _ planned: PlannedProgram, progress: ProgressLine? = nil) throws -> Logs {
    let measure = Measure(planned, structure!, try compiled())
    var batch = StepInput(), step = 0
    try feed.begin(key: 0)
    progress?.epochBegan(0)
    while try feed.next(&batch) {
      try execute(batch, .evaluation, measure)
      measure.add(rows: batch.rows)
      step += 1
      progress?.stepEnded(step, measure.logs)
    }
    guard step > 0 else { throw ModelError(.argument, "the source of batches has none") }
    progress?.epochEnded(measure.logs)
    return measure.logs
  }

  /// Runs a batch, in a larger program if the one at hand is too small for it.
  private func execute(_ batch: StepInput, _ kind: ProgramKind, _ measure: Measure) throws {
    let planned = measure.planned
    if batch.rows > planned.program.settings.capacity {
      measure.planned = try program(
        kind, batchSize: batch.rows, targetShapes: planned.targetShapes, hasWeights: planned.hasWeights)
    }
    measure.planned.program.run(batch)
  }

  /// The key of an epoch's order: it follows from the steps taken, so that a training that is resumed goes on alike.
  private func shuffleKey(_ iteration: Int) -> UInt64 {
    RandomSource(seed: seed ?? 0, key: "shuffle").bits(at: UInt64(iteration))
  }

  /// Changing a layer's switch after `compile` would otherwise do nothing, silently.
  func checkSwitches() throws {
    let compilation = try compiled(), now = trainableParameters.map(\.id)
    let trainable = compilation.trainable ?? now
    compilation.trainable = trainable
    guard trainable != now else { return }
    throw ModelError(
      .notReady, "which layers are trainable has changed since compile. Call compile again, so that the change takes effect.")
  }
}
