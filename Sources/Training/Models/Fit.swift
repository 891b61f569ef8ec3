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
    try TrainingLoop(self, feed, planned, validation: validation, settings).train()
  }

  /// One pass over data without training.
  func measure(_ feed: any Feed, _ planned: PlannedProgram, pass: Int = 0, progress: ProgressLine? = nil) throws -> Logs {
    let measure = Measure(planned, structure!, try compiled())
    var batch = StepInput(), step = 0
    try feed.begin(pass: pass, key: 0)
    progress?.epochBegan(0)
    while try feed.next(&batch) {
      try execute(batch, .evaluation, measure)
      measure.add(rows: batch.rows)
      step += 1
      progress?.stepEnded(step, measure.logs)
    }
    guard step > 0 else { throw ModelError.noBatches }
    if let promised = feed.stepCount, step < promised { throw SourceFeed.brokenPromise(promised, gave: step) }
    progress?.epochEnded(measure.logs)
    return measure.logs
  }

  /// Runs a batch, in a larger program if the one at hand is too small for it.
  func execute(_ batch: StepInput, _ kind: ProgramKind, _ measure: Measure) throws {
    let planned = measure.planned
    if batch.rows > planned.program.settings.capacity {
      measure.planned = try program(
        kind, batchSize: batch.rows, targetShapes: planned.targetShapes, hasWeights: planned.hasWeights)
    }
    measure.planned.program.run(batch)
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
