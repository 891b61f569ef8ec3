import DeepSwift

/// A callback: ends the training as soon as the loss of the validation is small enough.
final class StopWhenGood: Callback {
  private let loss: Double

  init(loss: Double) { self.loss = loss }

  func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) throws {
    if let now = logs["val_loss"], now <= loss { run.stop(because: "the validation's loss is \(loss) or less") }
  }
}
