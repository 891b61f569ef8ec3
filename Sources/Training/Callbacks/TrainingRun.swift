import DeepSwiftEngine

/// A training in progress, as callbacks see it.
public final class TrainingRun {
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
  /// Why training ends early, if it does.
  public private(set) var stopReason: String?
  private let say: (String) -> Void

  init(model: Model, epochs: Int, say: @escaping (String) -> Void) {
    self.model = model
    self.epochs = epochs
    self.say = say
  }

  /// Ends training after the current batch or epoch.
  public func stop(because reason: String) { stopReason = stopReason ?? reason }

  public var isStopped: Bool { stopReason != nil }

  /// The optimizer's rate for the next step. Setting it replaces a schedule.
  public var learningRate: Float {
    get { model.optimizer?.learningRate ?? 0 }
    set { model.optimizer?.learningRate = newValue }
  }

  /// Prints a line without spoiling the progress bar; nothing where `fit` is silent.
  public func print(_ message: String) { say(message) }
}
