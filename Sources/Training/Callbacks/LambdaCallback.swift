/// Calls functions of one's own: `LambdaCallback(epochEnded: { epoch, logs in print(epoch, logs["loss"] ?? 0) })`.
public final class LambdaCallback: Callback {
  private let onTrainingBegan: (() throws -> Void)?
  private let onTrainingEnded: ((Logs) throws -> Void)?
  private let onEpochBegan: ((Int) throws -> Void)?
  private let onEpochEnded: ((Int, Logs) throws -> Void)?
  private let onBatchBegan: ((Int) throws -> Void)?
  private let onBatchEnded: ((Int, Logs) throws -> Void)?

  /// Calls those functions that are given.
  public init(
    trainingBegan: (() throws -> Void)? = nil, trainingEnded: ((Logs) throws -> Void)? = nil,
    epochBegan: ((_ epoch: Int) throws -> Void)? = nil, epochEnded: ((_ epoch: Int, _ logs: Logs) throws -> Void)? = nil,
    batchBegan: ((_ batch: Int) throws -> Void)? = nil, batchEnded: ((_ batch: Int, _ logs: Logs) throws -> Void)? = nil
  ) {
    onTrainingBegan = trainingBegan
    onTrainingEnded = trainingEnded
    onEpochBegan = epochBegan
    onEpochEnded = epochEnded
    onBatchBegan = batchBegan
    onBatchEnded = batchEnded
  }

  public func trainingBegan(_ run: TrainingRun) throws { try onTrainingBegan?() }
  public func trainingEnded(_ logs: Logs, _ run: TrainingRun) throws { try onTrainingEnded?(logs) }
  public func epochBegan(_ epoch: Int, _ run: TrainingRun) throws { try onEpochBegan?(epoch) }
  public func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) throws { try onEpochEnded?(epoch, logs) }
  public func batchBegan(_ batch: Int, _ run: TrainingRun) throws { try onBatchBegan?(batch) }
  public func batchEnded(_ batch: Int, _ logs: Logs, _ run: TrainingRun) throws { try onBatchEnded?(batch, logs) }
}
