import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation

/// Keeps a backup of a training in a folder, so that a run that was killed goes on where it was.
///
/// ```swift
/// try model.fit(x, y, epochs: 100, callbacks: [BackupAndRestore("backup")])
/// ```
/// The same program, started again, takes weights, the optimizer's numbers, the seed, the place in the data, the history and the
/// states of the other callbacks from the backup, and ends with the same bits as a run that was never cut off. The backup is
/// one file that is always whole. It is removed when the training has come to its end; Ctrl-C and errors are no end.
///
/// - A backup of another model, or of other data, is refused with an error that says what differs.
/// - Callbacks of one's own are restored if they give a `state()`; those that have fields and give none begin anew, which is
///   printed. With `.steps`, metrics of one's own must be `Codable`.
/// - A source of batches must hand out the same batches when it is asked for the same pass again.
public final class BackupAndRestore: BackupKeeper {
  private let folder: String
  private let saveFrequency: SaveFrequency
  private let deleteCheckpoint: Bool
  private var stepsSinceBackup = 0

  /// - Parameters:
  ///   - folder: a folder for this training alone; it is made if it does not exist.
  ///   - saveFrequency: after each epoch, or after every so many steps.
  ///   - deleteCheckpoint: whether the backup is removed when the training has come to its end.
  public init(_ folder: String, saveFrequency: SaveFrequency = .epoch, deleteCheckpoint: Bool = true) {
    self.folder = folder
    self.saveFrequency = saveFrequency
    self.deleteCheckpoint = deleteCheckpoint
  }

  private static let key = "deepswift.training", checksumKey = "deepswift.checksum"
  private static func checksum(_ text: String) -> String { "\(RandomSource(seed: 0, key: text).bits(at: 0))" }
  private var path: String { (folder as NSString).appendingPathComponent("training.safetensors") }

  package func backup(for run: TrainingRun) throws -> TrainingBackup? {
    guard Files.exists(path) else { return nil }
    let file = try SafeTensors(contentsOf: path)
    guard let text = file.metadata[Self.key] else {
      throw ModelError(.file, at: path, "is no backup of a training. Give BackupAndRestore a folder of its own.")
    }
    guard file.metadata[Self.checksumKey] == Self.checksum(text) else {
      throw ModelError(.file, at: path, "the backup is damaged: its checksum is wrong. Remove it to begin anew.")
    }
    do {
      let tensors = try file.names.map { (name: $0, tensor: try file[$0]) }
      return TrainingBackup(state: try TrainingState(text: text), tensors: tensors, place: path)
    } catch let error as DecodingError {
      throw ModelError(.file, at: path, "the backup is damaged: \(error). Remove it to begin anew.")
    }
  }

  public func trainingBegan(_ run: TrainingRun) throws {
    stepsSinceBackup = 0
    do {
      try FileManager.default.createDirectory(atPath: Files.expanded(folder), withIntermediateDirectories: true)
    } catch {
      throw ModelError(.file, at: folder, "the folder for backups cannot be made; choose a place where this program may write")
    }
    AtomicFile.removeDrafts(in: folder)
    guard case .steps(let count) = saveFrequency else { return }
    guard count > 0 else {
      throw ModelError(.argument, at: "BackupAndRestore", "backs up every so many steps, at least 1; received \(count)")
    }
    // Metrics that cannot be backed up show here, before hours have passed.
    _ = try run.backup(isWithinEpoch: true)
  }

  public func positionReached(_ position: TrainingPosition, _ run: TrainingRun) throws {
    switch saveFrequency {
    case .epoch:
      // What an interruption left undone is done when the run is started again.
      if position.step == 0, !run.isCutShort { try save(run, position) }
    case .steps(let count):
      guard position.step > 0 else { return }
      stepsSinceBackup += 1
      guard stepsSinceBackup >= count, !run.isStopped else { return }
      try save(run, position)
    }
  }

  private func save(_ run: TrainingRun, _ position: TrainingPosition) throws {
    stepsSinceBackup = 0
    let backup = try run.backup(isWithinEpoch: position.step > 0)
    let text = try backup.state.text
    try SafeTensors.write(backup.tensors, metadata: [Self.key: text, Self.checksumKey: Self.checksum(text)], to: path)
  }

  public func trainingEnded(_ logs: Logs, _ run: TrainingRun) throws {
    guard deleteCheckpoint, !run.isInterrupted else { return }
    unlink(Files.expanded(path))
    // Only a folder that is empty goes.
    rmdir(Files.expanded(folder))
  }
}
