/// Ends training when the loss of a batch is no number, or infinite.
public final class TerminateOnNaN: Callback {
  /// Ends training as soon as a loss is no number.
  public init() {}

  public func batchEnded(_ batch: Int, _ logs: Logs, _ run: TrainingRun) {
    guard !run.batchLoss.isFinite else { return }
    run.print("Batch \(batch): Invalid loss, terminating training")
    run.stop(because: "the loss of batch \(batch) is \(run.batchLoss)")
  }
}
