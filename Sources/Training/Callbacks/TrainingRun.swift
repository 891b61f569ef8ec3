import DeepSwiftEngine

/// A training in progress, as callbacks see it.
public final class TrainingRun {
  /// The model that is trained.
  public let model: Model
  /// The epoch that runs, from 0.
  public internal(set) var epoch = 0
  /// The epoch that training ends before.
  public let epochs: Int
  /// The loss of the last batch alone.
  public internal(set) var batchLoss = 0.0
  /// The values of the epoch that has ended; a callback may add some.
  public var logs = Logs()
  /// Whether there are validation data.
  public internal(set) var hasValidation = false
  /// The names that the values of an epoch will have, those of the validation included; callbacks may add more.
  public internal(set) var logNames: [String] = []
  /// Why training ends early, if it does.
  public private(set) var stopReason: String?
  /// Whether Ctrl-C or the cancellation of the task ends it.
  public private(set) var isInterrupted = false
  /// Whether the epoch that has ended lacks steps or its validation, because training ends.
  public internal(set) var isCutShort = false
  /// The callbacks of this training.
  package internal(set) var callbacks: [any Callback] = []
  /// Makes a backup of the training as it stands.
  var makeBackup: ((_ isWithinEpoch: Bool) throws -> TrainingBackup)?
  private let say: (String) -> Void

  init(model: Model, epochs: Int, say: @escaping (String) -> Void) {
    self.model = model
    self.epochs = epochs
    self.say = say
  }

  /// Ends training after the current batch or epoch.
  public func stop(because reason: String) { stopReason = stopReason ?? reason }

  /// Whether training ends after the current batch or epoch.
  public var isStopped: Bool { stopReason != nil }

  func interrupt() {
    isInterrupted = true
    stop(because: "it was interrupted")
  }

  /// The training as it stands between two steps. Its tensors are the model's own memory: write them out before going on.
  ///
  /// - Parameter isWithinEpoch: takes what was measured of the epoch so far, which not all metrics allow.
  package func backup(isWithinEpoch: Bool) throws -> TrainingBackup {
    guard let makeBackup else { preconditionFailure("only a training that runs can be backed up") }
    return try makeBackup(isWithinEpoch)
  }

  /// The optimizer's rate for the next step. Setting it replaces a schedule.
  public var learningRate: Float {
    get { model.optimizer?.learningRate ?? 0 }
    set { model.optimizer?.learningRate = newValue }
  }

  /// Prints a line without spoiling the progress bar; nothing where `fit` is silent.
  public func print(_ message: String) { say(message) }
}
