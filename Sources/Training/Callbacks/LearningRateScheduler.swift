import DeepSwiftEngine

/// Sets the learning rate at the beginning of each epoch.
///
/// ```swift
/// LearningRateScheduler { epoch, rate in
///   epoch < 10 ? rate : rate * 0.9
/// }
/// ```
public final class LearningRateScheduler: Callback {
  private let schedule: (_ epoch: Int, _ rate: Float) -> Float

  /// - Parameter schedule: the new rate, given the epoch (from 0) and the present rate.
  public init(_ schedule: @escaping (_ epoch: Int, _ rate: Float) -> Float) { self.schedule = schedule }

  public func epochBegan(_ epoch: Int, _ run: TrainingRun) { run.learningRate = schedule(epoch, run.learningRate) }

  public func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) {
    run.logs["learning_rate"] = Double(run.learningRate)
  }
}
