/// Ends training after some seconds, at the end of a batch.
public final class TimeStopping: Callback {
  private let seconds: Double
  private let clock: () -> Double
  private var end = 0.0

  /// Ends training after so many seconds.
  public convenience init(seconds: Double) { self.init(seconds: seconds, clock: ProgressLine.monotonicSeconds) }

  /// - Parameter clock: the time in seconds since any moment.
  init(seconds: Double, clock: @escaping () -> Double) {
    self.seconds = seconds
    self.clock = clock
  }

  public func trainingBegan(_ run: TrainingRun) { end = clock() + seconds }

  public func batchEnded(_ batch: Int, _ logs: Logs, _ run: TrainingRun) {
    if clock() >= end { run.stop(because: "\(seconds) seconds are over") }
  }
}
