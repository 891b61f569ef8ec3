import DeepSwiftEngine

/// Ends training when a value has not become better for some epochs.
///
/// ```swift
/// let stopping = EarlyStopping(patience: 3, restoreBestWeights: true)
/// try model.fit(
///   x, y, epochs: 100, callbacks: [stopping], validationSplit: 0.1)
/// print(stopping.bestEpoch)
/// ```
public final class EarlyStopping: Callback {
  private let patience: Int
  private let baseline: Double?
  private let restoreBestWeights: Bool
  private let startFromEpoch: Int
  private var monitor: Monitor
  private var wait = 0
  private var bestWeights: WeightSnapshot?
  /// Whose weights they are.
  private weak var model: Model?
  /// The epoch that was best, from 0.
  public private(set) var bestEpoch = 0
  /// The epoch after which training was ended, from 0; `nil` if it was not.
  public private(set) var stoppedEpoch: Int?

  /// - Parameters:
  ///   - monitor: the name of the value in the history.
  ///   - minDelta: smaller changes are no improvement.
  ///   - patience: epochs without an improvement to wait for.
  ///   - baseline: a value that has to be reached before waiting begins anew.
  ///   - restoreBestWeights: whether the model goes back to its best epoch, whatever ended the training.
  ///   - startFromEpoch: epochs before this one do not count.
  public init(
    monitor: String = "val_loss", minDelta: Double = 0, patience: Int = 0, mode: MonitorMode = .auto, baseline: Double? = nil,
    restoreBestWeights: Bool = false, startFromEpoch: Int = 0
  ) {
    self.monitor = Monitor(monitor, mode: mode, minDelta: minDelta)
    self.patience = patience
    self.baseline = baseline
    self.restoreBestWeights = restoreBestWeights
    self.startFromEpoch = startFromEpoch
  }

  public func trainingBegan(_ run: TrainingRun) throws {
    try monitor.begin()
    model = run.model
    (wait, bestEpoch, stoppedEpoch, bestWeights) = (0, 0, nil, nil)
  }

  /// What a backup keeps.
  private struct State: Codable {
    var wait, bestEpoch: Int
    var stoppedEpoch: Int?
    var best: Double
  }

  public func state() throws -> CallbackState? {
    try CallbackState(
      State(wait: wait, bestEpoch: bestEpoch, stoppedEpoch: stoppedEpoch, best: monitor.best),
      tensors: model.flatMap { model in bestWeights?.tensors(of: model) } ?? [:])
  }

  public func trainingResumed(from state: CallbackState?, _ run: TrainingRun) throws {
    try trainingBegan(run)
    guard let state else { return }
    let values = try state.values(as: State.self)
    (wait, bestEpoch, stoppedEpoch) = (min(values.wait, 1 << 40), values.bestEpoch, values.stoppedEpoch)
    monitor.keep(values.best)
    if !state.tensors.isEmpty { bestWeights = try WeightSnapshot(of: run.model, state.tensors) }
  }

  public func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) throws {
    guard let value = monitor.value(in: logs, run, "EarlyStopping"), epoch >= startFromEpoch else { return }
    if restoreBestWeights && bestWeights == nil {
      bestWeights = WeightSnapshot(of: run.model)
      bestEpoch = epoch
    }
    wait += 1
    if monitor.improves(value) {
      monitor.keep(value)
      bestEpoch = epoch
      if restoreBestWeights { bestWeights = WeightSnapshot(of: run.model) }
      if baseline.map({ monitor.isBetter(value, than: $0) }) ?? true { wait = 0 }
      return
    }
    if wait >= patience && epoch > 0 {
      stoppedEpoch = epoch
      run.stop(because: "\(monitor.name) has not become better than \(monitor.best) for \(wait) epochs")
    }
  }

  public func trainingEnded(_ logs: Logs, _ run: TrainingRun) {
    bestWeights?.restore()
    model = nil
  }
}
