import DeepSwift
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation
import TestSupport
import Testing

/// A training that ends in an error stands for one that was killed: what a later process has of it is the folder alone.
@Suite struct BackupAndRestoreTests {
  private struct Killed: Error {}

  /// Ends the training by an error before a step.
  private final class Kill: Callback {
    var left: Int
    init(after steps: Int) { left = steps }
    func batchBegan(_ batch: Int, _ run: TrainingRun) throws {
      left -= 1
      if left < 0 { throw Killed() }
    }
  }

  /// How a training is run: which data, with which callbacks.
  enum Kind: String, CaseIterable {
    case arrays, validated, stepsPerEpoch, source, stopping
  }

  /// What is left of a training.
  private struct Result: Equatable {
    var bits: [String: [UInt32]]
    var history: History?
    var log: String
    var rate: Float?
  }

  private func callbacks(_ kind: Kind, _ folder: TemporaryFolder) -> [any Callback] {
    let log = CSVLogger(folder.path("log.csv"))
    switch kind {
    case .arrays, .source: return [log, LearningRateScheduler { epoch, rate in epoch % 2 == 1 ? rate * 0.7 : rate }]
    case .stepsPerEpoch: return [log, ReduceLROnPlateau(monitor: "loss", patience: 1, cooldown: 1)]
    case .validated: return [ReduceLROnPlateau(factor: 0.3, patience: 1), log]
    case .stopping:
      return [EarlyStopping(monitor: "val_loss", patience: 2, restoreBestWeights: true), log]
    }
  }

  private func fit(_ model: Model, _ kind: Kind, _ callbacks: [any Callback]) throws {
    let (x, y) = (SmallModels.x, SmallModels.y)
    switch kind {
    case .arrays: try model.fit(x, y, batchSize: 8, epochs: 5, verbose: .silent, callbacks: callbacks)
    case .validated:
      try model.fit(
        x, y, batchSize: 8, epochs: 5, verbose: .silent, callbacks: callbacks, validationSplit: 0.25, validationFrequency: 2)
    case .stepsPerEpoch: try model.fit(x, y, batchSize: 8, epochs: 6, verbose: .silent, callbacks: callbacks, stepsPerEpoch: 3)
    case .source:
      let data = try Dataset(x: x, y: y)
      try model.fit(
        data.batched(8, shuffle: true, seed: 3), epochs: 5, verbose: .silent, callbacks: callbacks,
        validationData: data.batched(5, shuffle: true, seed: 4))
    case .stopping:
      try model.fit(x, y, batchSize: 8, epochs: 30, verbose: .silent, callbacks: callbacks, validationSplit: 0.25)
    }
  }

  private func model(_ kind: Kind, seed: UInt64) throws -> Model {
    // Steps so large that the loss soon gets worse.
    try SmallModels.regressor(seed: seed, kind == .stopping ? .adam(learningRate: 0.4) : .adam(learningRate: 0.01))
  }

  private func result(_ model: Model, _ folder: TemporaryFolder) throws -> Result {
    Result(
      bits: allBits(model), history: model.history, log: try String(contentsOfFile: folder.path("log.csv"), encoding: .utf8),
      rate: model.optimizer?.learningRate)
  }

  @Test(arguments: Kind.allCases, [SaveFrequency.epoch, .steps(1), .steps(3)])
  func aTrainingThatIsCutOffEndsWithTheSameBits(_ kind: Kind, _ frequency: SaveFrequency) throws {
    let calm = try TemporaryFolder()
    let reference = try model(kind, seed: 5)
    try fit(reference, kind, callbacks(kind, calm))
    let expected = try result(reference, calm)
    let steps = try #require(reference.optimizer?.iterations)
    if kind == .stopping { #expect(steps < 30 * 4, "the training is to end early") }

    var random = SystemRandomNumberGenerator()
    for first in [0, 1, steps / 2, steps - 1, Int.random(in: 0..<steps, using: &random)] {
      let folder = try TemporaryFolder()
      let backup = BackupAndRestore(folder.path("backup"), saveFrequency: frequency)
      // Killed, begun again and killed soon after, begun again.
      for (attempt, life) in [first, 4].enumerated() {
        let hasBackup = FileManager.default.fileExists(atPath: folder.path("backup/training.safetensors"))
        let victim = try model(kind, seed: hasBackup ? 77 : 5)
        #expect(throws: Killed.self, "\(first), \(attempt)") {
          try fit(victim, kind, [backup] + callbacks(kind, folder) + [Kill(after: life)])
          // Too short a rest to be killed in.
          if attempt == 1 { throw Killed() }
        }
      }
      let hasBackup = FileManager.default.fileExists(atPath: folder.path("backup/training.safetensors"))
      let model = try model(kind, seed: hasBackup ? 78 : 5)
      try fit(model, kind, [BackupAndRestore(folder.path("backup"), saveFrequency: frequency)] + callbacks(kind, folder))
      #expect(try result(model, folder) == expected, "killed after \(first) steps of \(steps)")
      #expect(folder.names == ["log.csv"], "the backup is removed at the end")
    }
  }

  @Test func anInterruptionKeepsTheBackup() async throws {
    let folder = try TemporaryFolder(), path = folder.path("backup")
    let reference = try SmallModels.regressor()
    try reference.fit(SmallModels.x, SmallModels.y, batchSize: 8, epochs: 4, verbose: .silent)
    let bits = try await Task {
      let model = try SmallModels.regressor()
      var steps = 0
      let cancel = LambdaCallback(batchEnded: { _, _ in
        steps += 1
        if steps == 8 { withUnsafeCurrentTask { $0?.cancel() } }
      })
      try model.fit(
        SmallModels.x, SmallModels.y, batchSize: 8, epochs: 4, verbose: .silent, callbacks: [cancel, BackupAndRestore(path)])
      #expect(model.history?.epochs == [0, 1] && model.optimizer?.iterations == 8)
      return 0
    }.value
    _ = bits
    let model = try SmallModels.regressor(seed: 99)
    try model.fit(SmallModels.x, SmallModels.y, batchSize: 8, epochs: 4, verbose: .silent, callbacks: [BackupAndRestore(path)])
    #expect(allBits(model) == allBits(reference))
    #expect(model.history == reference.history)
  }

  /// A training that ended after its last backup, or that stopped early, is over when it is begun again.
  @Test func aTrainingThatIsOverStaysSo() throws {
    let folder = try TemporaryFolder(), path = folder.path("backup")
    func fit(_ model: Model) throws {
      try model.fit(
        SmallModels.x, SmallModels.y, batchSize: 8, epochs: 30, verbose: .silent,
        callbacks: [
          BackupAndRestore(path, deleteCheckpoint: false),
          EarlyStopping(monitor: "val_loss", patience: 1, restoreBestWeights: true),
        ], validationSplit: 0.25)
    }
    let first = try SmallModels.regressor(.adam(learningRate: 0.4)),
      second = try SmallModels.regressor(seed: 9, .adam(learningRate: 0.4))
    try fit(first)
    #expect(try #require(first.history).epochs.count < 30)
    try fit(second)
    #expect(first.history == second.history)
    #expect(allBits(first) == allBits(second))
  }

  private func killed(_ folder: TemporaryFolder, _ model: Model, batchSize: Int = 8) throws {
    #expect(throws: Killed.self) {
      try model.fit(
        SmallModels.x, SmallModels.y, batchSize: batchSize, epochs: 3, verbose: .silent,
        callbacks: [BackupAndRestore(folder.path("backup")), Kill(after: 7)])
    }
  }

  @Test func aBackupOfAnotherTrainingIsRefused() throws {
    let folder = try TemporaryFolder()
    try killed(folder, SmallModels.regressor())
    func refusal(_ model: Model, _ x: Tensor = SmallModels.x, _ y: Tensor = SmallModels.y, batchSize: Int = 8) -> String {
      let before = allBits(model)
      defer { #expect(allBits(model).filter { before[$0.key] != nil } == before) }
      return spoken {
        try model.fit(
          x, y, batchSize: batchSize, epochs: 3, verbose: .silent, callbacks: [BackupAndRestore(folder.path("backup"))])
      }
    }
    #expect(
      refusal(try SmallModels.regressor(), batchSize: 16) == """
        \(folder.path("backup/training.safetensors")): the backup belongs to another training:
        training batch size: 8 in the backup, 16 now
        training batches: 5 in the backup, 3 now
        Go on with the model and the data of then, or remove the backup to begin anew.
        """)
    let other = refusal(try SmallModels.regressor(units: 7))
    #expect(other.contains("weight \"dense/kernel\": [4, 6] in the backup, [4, 7] now"))
    #expect(refusal(try SmallModels.regressor(.sgd)).contains("optimizer: Adam in the backup, SGD now"))
    let less = refusal(try SmallModels.regressor(), SmallModels.x[0..<30], SmallModels.y[0..<30])
    #expect(less.contains("training samples: 37 in the backup, 30 now"))
    #expect(refusal(try SmallModels.regressor(), SmallModels.x * 2).contains("the training data have other contents"))
    let frozen = try SmallModels.regressor()
    try frozen.layer(named: "dense").trainable = false
    try frozen.compile(optimizer: .adam(learningRate: 0.01), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
    #expect(refusal(frozen).contains("trained weights: "))
  }

  @Test func aDamagedBackupIsNamed() throws {
    let folder = try TemporaryFolder(), path = folder.path("backup/training.safetensors")
    try killed(folder, SmallModels.regressor())
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    func said() -> String {
      spoken {
        try SmallModels.regressor().fit(
          SmallModels.x, SmallModels.y, batchSize: 8, epochs: 3, verbose: .silent,
          callbacks: [BackupAndRestore(folder.path("backup"))])
      }
    }
    try whole.dropLast(3).write(to: URL(fileURLWithPath: path))
    #expect(said().hasPrefix("\(path): is no valid .safetensors file: its tensors take"))
    let file = try Tensor.read(
      safetensors: {
        try whole.write(to: URL(fileURLWithPath: path)); return path
      }())
    let metadata = try SafeTensors(contentsOf: path).metadata
    try Tensor.write(safetensors: path, file.filter { $0.key != "model/dense/kernel" }, metadata: metadata)
    #expect(said().contains("the backup is damaged: it lacks \"model/dense/kernel\" of shape [4, 6]"))
    var changed = metadata
    changed["deepswift.training"] = metadata["deepswift.training"]?.replacing("\"seed\":5", with: "\"seed\":6")
    try Tensor.write(safetensors: path, file, metadata: changed)
    #expect(said() == "\(path): the backup is damaged: its checksum is wrong. Remove it to begin anew.")
    try Tensor.write(safetensors: path, file)
    #expect(said() == "\(path): is no backup of a training. Give BackupAndRestore a folder of its own.")
  }

  // MARK: What is not of the library

  /// Adds up without being storable.
  private struct Sum: Metric {
    let name = "sum"
    var result = 0.0
    mutating func update(target: Tensor, prediction: Tensor, sampleWeight: Tensor?) { result += Double(target.sum()) }
    mutating func reset() { result = 0 }
  }

  /// The same, storable.
  private struct StoredSum: Metric, Codable {
    var name = "sum"
    var result = 0.0
    mutating func update(target: Tensor, prediction: Tensor, sampleWeight: Tensor?) { result += Double(target.sum()) }
    mutating func reset() { result = 0 }
  }

  /// Says that it is storable, and keeps its settings alone.
  private struct ForgetfulSum: Metric, Codable {
    var name = "sum"
    var result = 0.0
    enum CodingKeys: CodingKey { case name }
    mutating func update(target: Tensor, prediction: Tensor, sampleWeight: Tensor?) { result += Double(target.sum()) }
    mutating func reset() { result = 0 }
  }

  private final class Count: Callback {
    var batches = 0
    func batchEnded(_ batch: Int, _ logs: Logs, _ run: TrainingRun) { batches += 1 }
    func state() throws -> CallbackState? { try CallbackState(batches, tensors: ["three": Tensor([3, 3, 3])]) }
    func trainingResumed(from state: CallbackState?, _ run: TrainingRun) throws {
      batches = try state?.values(as: Int.self) ?? 0
      #expect(state?.tensors["three"] == Tensor([3, 3, 3]))
    }
  }

  private func measured(by metric: any Metric, seed: UInt64 = 5) throws -> Sequential {
    let model = try SmallModels.regressor(seed: seed)
    try model.compile(optimizer: .adam, loss: .meanSquaredError, metrics: [metric])
    return model
  }

  private func fit(_ model: Model, _ callbacks: [any Callback]) throws {
    try model.fit(SmallModels.x, SmallModels.y, batchSize: 8, epochs: 3, verbose: .silent, callbacks: callbacks)
  }

  @Test func metricsOfOnesOwn() throws {
    let folder = try TemporaryFolder()
    let every = BackupAndRestore(folder.path("backup"), saveFrequency: .steps(1))
    let said = spoken { try fit(measured(by: Sum()), [every]) }
    #expect(said.hasPrefix("metric \"sum\": cannot be backed up in the middle of an epoch. Make Sum Codable"))
    #expect(
      spoken { try fit(measured(by: ForgetfulSum()), [every]) }.contains(
        "Make ForgetfulSum Codable with all that it has added up"))
    try? FileManager.default.removeItem(atPath: folder.path("backup"))
    try fit(measured(by: Sum()), [BackupAndRestore(folder.path("backup"))])

    let reference = try measured(by: StoredSum()), victim = try measured(by: StoredSum()),
      model = try measured(by: StoredSum(), seed: 6)
    try fit(reference, [])
    #expect(throws: Killed.self) { try fit(victim, [every, Kill(after: 7)]) }
    try fit(model, [every])
    #expect(model.history == reference.history)
  }

  @Test func callbacksOfOnesOwn() throws {
    let folder = try TemporaryFolder(), backup = BackupAndRestore(folder.path("backup"), saveFrequency: .steps(2))
    #expect(throws: Killed.self) { try fit(SmallModels.regressor(), [Count(), backup, Kill(after: 7)]) }
    let count = Count()
    try fit(SmallModels.regressor(seed: 6), [backup, count])
    #expect(count.batches == 15)
  }
  /// Files of before the kill count among the last ones.
  @Test func theLastCheckpointsAreThoseOfAllLives() throws {
    let folder = try TemporaryFolder()
    func callbacks() -> [any Callback] {
      [ModelCheckpoint(folder.path("{epoch}.safetensors"), keepLast: 2), BackupAndRestore(folder.path("backup"))]
    }
    #expect(throws: Killed.self) { try fit(SmallModels.regressor(), callbacks() + [Kill(after: 12)]) }
    #expect(folder.names == ["1.safetensors", "2.safetensors", "backup"])
    try fit(SmallModels.regressor(seed: 6), callbacks())
    #expect(folder.names == ["2.safetensors", "3.safetensors"])
  }
}
