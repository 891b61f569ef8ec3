import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation

/// Saves the model, or its weights, while it is trained.
///
/// ```swift
/// ModelCheckpoint("best.keras", monitor: "val_loss", saveBestOnly: true)
/// ModelCheckpoint("run/{epoch:03d}-{val_loss:.2f}.weights.h5", saveWeightsOnly: true, keepLast: 3)
/// ```
/// The path's end names the format. `{epoch}` counts from 1; `{batch}` may stand where steps are counted; all values of the
/// history have their name, written as Python's `format` does it.
public final class ModelCheckpoint: Callback {
  private let path: String
  private let saveBestOnly, saveWeightsOnly, verbose: Bool
  private let saveFrequency: SaveFrequency
  private let initialValueThreshold: Double?
  private let keepLast: Int?
  private var monitor: Monitor
  private var pattern: FileNamePattern?
  private var savesWeights = false
  private var stepsSinceSaving = 0
  private var kept: [String] = []

  /// - Parameters:
  ///   - path: where to save, with places for values. Its folder is made if it does not exist.
  ///   - monitor: the value that tells which model is best.
  ///   - saveBestOnly: leaves out what is no better than what was saved before.
  ///   - saveWeightsOnly: saves the weights alone.
  ///   - mode: whether the value is better when it is smaller, or larger; `.auto` tells by its name.
  ///   - saveFrequency: after each epoch, or after every so many steps.
  ///   - initialValueThreshold: what the first model has to be better than.
  ///   - keepLast: how many files stay; older ones that this callback wrote are removed.
  public init(
    _ path: String, monitor: String = "val_loss", verbose: Bool = false, saveBestOnly: Bool = false,
    saveWeightsOnly: Bool = false, mode: MonitorMode = .auto, saveFrequency: SaveFrequency = .epoch,
    initialValueThreshold: Double? = nil, keepLast: Int? = nil
  ) {
    self.path = path
    self.monitor = Monitor(monitor, mode: mode, minDelta: 0)
    self.verbose = verbose
    self.saveBestOnly = saveBestOnly
    self.saveWeightsOnly = saveWeightsOnly
    self.saveFrequency = saveFrequency
    self.initialValueThreshold = initialValueThreshold
    self.keepLast = keepLast
  }

  public func trainingBegan(_ run: TrainingRun) throws {
    if pattern == nil {
      // Who fits again with this callback goes on with what was best before, as in Keras.
      if saveBestOnly { try monitor.begin() }
      if let initialValueThreshold { monitor.keep(initialValueThreshold) }
    }
    stepsSinceSaving = 0
    let pattern = try FileNamePattern(path)
    _ = try FileFormat(of: path, among: saveWeightsOnly ? FileFormat.weights : FileFormat.models)
    if case .steps(let count) = saveFrequency, count < 1 {
      throw ModelError(.argument, at: "ModelCheckpoint", "saves every so many steps, at least 1; received \(count)")
    }
    if let keepLast, keepLast < 1 {
      throw ModelError(.argument, at: "ModelCheckpoint", "keeps the last files, at least 1; received \(keepLast)")
    }
    try check(pattern, run)
    AtomicFile.removeDrafts(in: (path as NSString).deletingLastPathComponent)
    self.pattern = pattern
    savesWeights = saveWeightsOnly || holdsFunction(run)
  }

  /// Whether a function in the model keeps it out of a file, so that its weights alone can be saved.
  private func holdsFunction(_ run: TrainingRun) -> Bool {
    do {
      _ = try KerasConfiguration.json(of: run.model, place: path)
      return false
    } catch {
      run.print("ModelCheckpoint: \(error)\nUntil then it saves the weights alone, in \(weightsPath(path)).")
      return true
    }
  }

  private func weightsPath(_ file: String) -> String {
    if file.hasSuffix(FileFormat.safetensors.rawValue) { return file }
    return (file as NSString).deletingPathExtension + FileFormat.kerasWeights.rawValue
  }

  /// What the path asks for must come. Only callbacks from outside of the library may add values that nobody can know yet.
  private func check(_ pattern: FileNamePattern, _ run: TrainingRun) throws {
    var known = ["epoch"] + run.logNames
    switch saveFrequency {
    case .epoch:
      known.append("learning_rate")
      guard run.callbacks.allSatisfy({ String(reflecting: type(of: $0)).hasPrefix("DeepSwift") }) else { return }
    case .steps: known = known.filter { !$0.hasPrefix("val_") } + ["batch"]
    }
    for name in pattern.names where !known.contains(name) { throw pattern.unknown(name, among: known) }
  }

  /// What a backup keeps.
  private struct State: Codable {
    var best: Double
    var stepsSinceSaving: Int
    var kept: [String]
  }

  public func state() throws -> CallbackState? {
    try CallbackState(State(best: monitor.best, stepsSinceSaving: stepsSinceSaving, kept: kept))
  }

  public func trainingResumed(from state: CallbackState?, _ run: TrainingRun) throws {
    try trainingBegan(run)
    guard let values = try state?.values(as: State.self) else { return }
    monitor.keep(values.best)
    (stepsSinceSaving, kept) = (min(values.stepsSinceSaving, 1 << 40), values.kept)
  }

  public func batchEnded(_ batch: Int, _ logs: Logs, _ run: TrainingRun) throws {
    guard case .steps(let count) = saveFrequency else { return }
    stepsSinceSaving += 1
    guard stepsSinceSaving >= count else { return }
    stepsSinceSaving = 0
    try consider(run, logs, batch: batch)
  }

  public func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) throws {
    // An epoch that was cut off may lack the value that tells whether it is the best one.
    guard saveFrequency == .epoch, !(run.isCutShort && saveBestOnly && logs[monitor.name] == nil) else { return }
    try consider(run, logs, batch: nil)
  }

  private func consider(_ run: TrainingRun, _ logs: Logs, batch: Int?) throws {
    let epoch = run.epoch + 1
    var values = Dictionary(uniqueKeysWithValues: Array(logs))
    values["epoch"] = Double(epoch)
    if let batch { values["batch"] = Double(batch + 1) }
    guard var file = try pattern?.filled(values) else { return }
    if savesWeights && !saveWeightsOnly { file = weightsPath(file) }
    guard saveBestOnly, let value = monitor.value(in: logs, run, "ModelCheckpoint") else {
      if verbose { run.print("Epoch \(epoch): saving model to \(file)") }
      return try save(run.model, file)
    }
    guard monitor.improves(value) else {
      if verbose { run.print("Epoch \(epoch): \(monitor.name) did not improve from \(digits(monitor.best))") }
      return
    }
    if verbose {
      run.print(
        "Epoch \(epoch): \(monitor.name) improved from \(digits(monitor.best)) to \(digits(value)), saving model to \(file)")
    }
    monitor.keep(value)
    try save(run.model, file)
  }

  private func save(_ model: Model, _ file: String) throws {
    let folder = (Files.expanded(file) as NSString).deletingLastPathComponent
    if !folder.isEmpty { try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
    if savesWeights { try model.saveWeights(to: file) } else { try model.save(to: file) }
    guard let keepLast else { return }
    kept.removeAll { $0 == file }
    kept.append(file)
    while kept.count > keepLast { unlink(Files.expanded(kept.removeFirst())) }
  }

  private func digits(_ value: Double) -> String { value.isFinite ? String(format: "%.5f", value) : "\(value)" }
}
