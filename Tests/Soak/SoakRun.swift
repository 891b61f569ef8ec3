import DeepSwift
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation

/// A small training that remembers as much as a training can, and what it ends with.
struct SoakRun {
  /// How the data come, and how often a backup is made.
  enum Kind: String, CaseIterable { case epochs, steps, source }

  let kind: Kind
  /// Where backup, log and checkpoints lie.
  let folder: String

  /// Trains, or goes on training, and returns all bits of the result as text.
  func run(seed: UInt64, epochs: Int) throws -> String {
    let x = Tensor.random(uniform: -1...1, shape: [600, 12], seed: 1), y = x.sum(axis: 1, keepDimensions: true)
    setRandomSeed(seed)
    let model = Sequential {
      Input(shape: [12])
      Dense(32, activation: .relu)
      BatchNormalization()
      Dropout(0.2)
      Dense(1)
    }
    try model.compile(optimizer: .adam(learningRate: 0.01), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
    let callbacks: [any Callback] = [
      BackupAndRestore("\(folder)/backup", saveFrequency: kind == .epochs ? .epoch : .steps(7)),
      LearningRateScheduler { epoch, rate in epoch % 5 == 4 ? rate * 0.9 : rate },
      ReduceLROnPlateau(patience: 2), CSVLogger("\(folder)/log.csv"),
      EarlyStopping(patience: epochs, restoreBestWeights: true),
      ModelCheckpoint("\(folder)/{epoch:03d}.safetensors", saveFrequency: .steps(20), keepLast: 3),
    ]
    if kind == .source {
      let (train, validation) = try Dataset(x: x, y: y).split(0.9)
      try model.fit(
        train.batched(20, shuffle: true, seed: 3), epochs: epochs, verbose: .silent, callbacks: callbacks,
        validationData: validation.batched(20, shuffle: true, seed: 4))
    } else {
      try model.fit(x, y, batchSize: 20, epochs: epochs, verbose: .silent, callbacks: callbacks, validationSplit: 0.1)
    }
    return try result(of: model)
  }

  /// Weights, the optimizer's numbers, the history, the log, and the files of checkpoints.
  private func result(of model: Model) throws -> String {
    var lines = model.weights.all.map { "\($0.key) \(bits($0.value))" }
    if let state = model.optimizer?.state {
      lines += state.places(in: model).map { "\($0.name) \(bits(state.view($0.slot, of: $0.parameter)))" }
      lines.append("iterations \(state.iteration)")
    }
    for (name, values) in model.history ?? History() { lines.append("history \(name) \(values.map(\.bitPattern))") }
    lines.append("log " + (try String(contentsOfFile: "\(folder)/log.csv", encoding: .utf8)).replacing("\n", with: ";"))
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".safetensors") {
      lines += try Tensor.read(safetensors: "\(folder)/\(file)").map { "\(file) \($0.key) \(bits($0.value))" }
    }
    return lines.sorted().joined(separator: "\n")
  }

  private func bits(_ tensor: Tensor) -> String {
    tensor.floats.map { String($0.bitPattern, radix: 16) }.joined(separator: " ")
  }
}
