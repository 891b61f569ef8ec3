import DeepSwift
import ExampleSupport
import Foundation

/// Saves a network in two formats, and resumes a training whose power was cut as if nothing had happened.
@main struct SaveAndResumeExample {
  static func main() { runExample(run) }

  private static func run() throws {
    let options = Options(epochs: 6, batchSize: 32)
    let seed = options.seed ?? 1
    let x = Tensor.random(normal: (mean: 0, deviation: 1), shape: [options.smoke ? 256 : 20_000, 8], seed: 3)
    let y = x.sum(axis: 1, keepDimensions: true)

    /// A training from the start, or from where `callbacks` find it. The same seed makes the same first weights.
    func train(_ callbacks: [any Callback] = []) throws -> Sequential {
      setRandomSeed(seed)
      let model = Sequential {
        Input(shape: [8])
        Dense(16, activation: .relu)
        BatchNormalization()
        Dense(1)
      }
      try model.compile(optimizer: .adam, loss: .meanSquaredError, metrics: [.meanAbsoluteError])
      try model.fit(
        x, y, batchSize: options.batchSize, epochs: options.epochs, verbose: .epochs, callbacks: callbacks,
        validationSplit: 0.2)
      return model
    }

    print("Undisturbed:")
    let undisturbed = try train()
    for file in ["whole.keras", "whole.safetensors"] {
      try undisturbed.save(to: file)
      print("\(file) predicts the same: \(try Model.load(from: file).predict(x) == undisturbed.predict(x))")
    }

    print("With a power cut:")
    do {
      _ = try train([BackupAndRestore("backup"), CutPower(after: options.epochs / 2)])
    } catch is PowerCut {
      print("The power is gone.")
    }
    print("Started again:")
    let resumed = try train([BackupAndRestore("backup")])
    print("The resumed training ends with the same bits: \(try resumed.predict(x) == undisturbed.predict(x))")
  }
}

struct PowerCut: Error {}

/// Ends a training by an error, as hard as a callback can.
final class CutPower: Callback {
  private let epoch: Int

  init(after epoch: Int) { self.epoch = epoch }

  func epochBegan(_ epoch: Int, _ run: TrainingRun) throws {
    if epoch == self.epoch { throw PowerCut() }
  }
}
