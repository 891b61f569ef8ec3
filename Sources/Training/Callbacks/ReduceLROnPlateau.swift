import DeepSwiftEngine

/// Lowers the learning rate when a value has not become better for some epochs.
///
/// ```swift
/// // halves it after three epochs
/// ReduceLROnPlateau(monitor: "val_loss", factor: 0.5, patience: 3)
/// ```
public final class ReduceLROnPlateau: Callback {
  private let factor: Double
  private let patience: Int
  private let cooldown: Int
  private let minLearningRate: Double
  private var monitor: Monitor
  private var wait = 0, rest = 0

  /// - Parameters:
  ///   - factor: what the rate is multiplied by.
  ///   - cooldown: epochs after a reduction in which nobody waits.
  public init(
    monitor: String = "val_loss", factor: Double = 0.1, patience: Int = 10, mode: MonitorMode = .auto, minDelta: Double = 1e-4,
    cooldown: Int = 0, minLearningRate: Double = 0
  ) {
    self.monitor = Monitor(monitor, mode: mode, minDelta: minDelta)
    self.factor = factor
    self.patience = patience
    self.cooldown = cooldown
    self.minLearningRate = minLearningRate
  }

  public func trainingBegan(_ run: TrainingRun) throws {
    guard factor < 1 else {
      throw ModelError(.argument, at: "ReduceLROnPlateau", "a factor of \(factor) does not lower the rate; it lies below 1")
    }
    try monitor.begin()
    (wait, rest) = (0, 0)
  }

  /// What a backup keeps.
  private struct State: Codable {
    var wait, rest: Int
    var best: Double
  }

  public func state() throws -> CallbackState? { try CallbackState(State(wait: wait, rest: rest, best: monitor.best)) }

  public func trainingResumed(from state: CallbackState?, _ run: TrainingRun) throws {
    try trainingBegan(run)
    guard let values = try state?.values(as: State.self) else { return }
    (wait, rest) = (min(values.wait, 1 << 40), max(values.rest, 0))
    monitor.keep(values.best)
  }

  public func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) {
    run.logs["learning_rate"] = Double(run.learningRate)
    guard let value = monitor.value(in: logs, run, "ReduceLROnPlateau") else { return }
    if rest > 0 { (rest, wait) = (rest - 1, 0) }
    if monitor.improves(value) {
      monitor.keep(value)
      wait = 0
    } else if rest == 0 {
      wait += 1
      let rate = Double(run.learningRate)
      if wait >= patience, rate > Double(Float(minLearningRate)) {
        let lower = max(rate * factor, minLearningRate)
        run.learningRate = Float(lower)
        run.print("Epoch \(epoch + 1): ReduceLROnPlateau reducing learning rate to \(Float(lower)).")
        (rest, wait) = (cooldown, 0)
      }
    }
  }
}
