import DeepSwiftEngine

/// Is told what happens during `fit`, and may end a training.
///
/// ```swift
/// final class StopWhenGood: Callback {
///   func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) {
///     if let accuracy = logs["val_accuracy"], accuracy > 0.99 { run.stop(because: "it is good enough") }
///   }
/// }
/// ```
/// Epochs and batches count from 0. An error that a callback throws ends the training and is thrown by `fit`.
public protocol Callback: AnyObject {
  /// Before the first epoch.
  func trainingBegan(_ run: TrainingRun) throws
  /// After the last epoch, also where training ended early.
  func trainingEnded(_ logs: Logs, _ run: TrainingRun) throws
  /// Before an epoch.
  func epochBegan(_ epoch: Int, _ run: TrainingRun) throws
  /// `logs` has the epoch's values, those of the validation included. What is added to `run.logs` gets into the history.
  func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) throws
  /// Before a batch.
  func batchBegan(_ batch: Int, _ run: TrainingRun) throws
  /// `logs` has the values of the epoch so far; the last batch's own loss is `run.batchLoss`.
  func batchEnded(_ batch: Int, _ logs: Logs, _ run: TrainingRun) throws
  /// Before and after the validation of an epoch.
  func testBegan(_ run: TrainingRun) throws
  /// After the validation of an epoch, with its values.
  func testEnded(_ logs: Logs, _ run: TrainingRun) throws

  /// Between two steps and between two epochs, when all callbacks were told of what was before: the moment for a backup.
  func positionReached(_ position: TrainingPosition, _ run: TrainingRun) throws
  /// What a backup keeps of the callback: all that it has gathered and would miss in a training that goes on. By default
  /// nothing; then it begins anew there.
  func state() throws -> CallbackState?
  /// Instead of `trainingBegan` in a training that goes on from a backup, which may be in the middle of an epoch. By default
  /// it calls `trainingBegan`.
  func trainingResumed(from state: CallbackState?, _ run: TrainingRun) throws
}

extension Callback {
  public func trainingBegan(_ run: TrainingRun) throws {}
  public func trainingEnded(_ logs: Logs, _ run: TrainingRun) throws {}
  public func epochBegan(_ epoch: Int, _ run: TrainingRun) throws {}
  public func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) throws {}
  public func batchBegan(_ batch: Int, _ run: TrainingRun) throws {}
  public func batchEnded(_ batch: Int, _ logs: Logs, _ run: TrainingRun) throws {}
  public func testBegan(_ run: TrainingRun) throws {}
  public func testEnded(_ logs: Logs, _ run: TrainingRun) throws {}
  public func positionReached(_ position: TrainingPosition, _ run: TrainingRun) throws {}
  public func state() throws -> CallbackState? { nil }
  public func trainingResumed(from state: CallbackState?, _ run: TrainingRun) throws { try trainingBegan(run) }
}
