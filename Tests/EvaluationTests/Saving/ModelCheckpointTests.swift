import DeepSwift
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation
import Testing

@Suite struct ModelCheckpointTests {
  /// Gives the epochs these values of `val_loss`.
  private final class Values: Callback {
    let values: [Double]
    init(_ values: [Double]) { self.values = values }
    func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) { run.logs["val_loss"] = values[epoch] }
  }

  private func fit(
    _ checkpoint: ModelCheckpoint, values: [Double]? = nil, epochs: Int = 3, validationSplit: Double = 0.25
  ) throws -> Sequential {
    let model = try SmallModels.regressor()
    let first: [any Callback] = values.map { [Values($0)] } ?? []
    try model.fit(
      SmallModels.x, SmallModels.y, batchSize: 8, epochs: values?.count ?? epochs, verbose: .silent,
      callbacks: first + [checkpoint],
      validationSplit: validationSplit)
    return model
  }

  @Test func aFileForEachEpoch() throws {
    let folder = try TemporaryFolder()
    let model = try fit(ModelCheckpoint(folder.path("new/m-{epoch:02d}-{val_loss:.3f}.safetensors")))
    let losses = try #require(model.history?.valLoss)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("new")).sorted()
    #expect(names == losses.enumerated().map { "m-0\($0 + 1)-\(String(format: "%.3f", $1)).safetensors" })
    let last = try Model.load(from: folder.path("new/\(names[2])"))
    #expect(allBits(last) == allBits(model))
  }

  @Test func onlyWhatIsBetterIsSaved() throws {
    let folder = try TemporaryFolder()
    _ = try fit(
      ModelCheckpoint(folder.path("{epoch}.safetensors"), saveBestOnly: true, saveWeightsOnly: true),
      values: [1, 0.9, 0.95, 0.9, 0.8])
    #expect(folder.names == ["1.safetensors", "2.safetensors", "5.safetensors"])
    #expect(spoken { _ = try Model.load(from: folder.path("1.safetensors")) }.contains("holds weights alone"))
  }

  @Test func aThresholdAndTheOtherDirection() throws {
    let folder = try TemporaryFolder()
    _ = try fit(
      ModelCheckpoint(folder.path("{epoch}.safetensors"), saveBestOnly: true, mode: .max, initialValueThreshold: 0.92),
      values: [0.9, 0.95, 0.94, 0.96])
    #expect(folder.names == ["2.safetensors", "4.safetensors"])
  }

  @Test func theLastFilesStay() throws {
    let folder = try TemporaryFolder()
    _ = try fit(ModelCheckpoint(folder.path("{epoch}.safetensors"), keepLast: 2), epochs: 5)
    #expect(folder.names == ["4.safetensors", "5.safetensors"])
    let one = try TemporaryFolder()
    _ = try fit(ModelCheckpoint(one.path("a.safetensors"), keepLast: 1), epochs: 3)
    #expect(one.names == ["a.safetensors"])
  }

  /// Four steps an epoch, counted through all epochs.
  @Test func everySoManySteps() throws {
    let folder = try TemporaryFolder()
    _ = try fit(ModelCheckpoint(folder.path("{epoch}-{batch}-{loss:.1f}.safetensors"), saveFrequency: .steps(3)))
    #expect(folder.names.map { $0.prefix(4) } == ["1-3-", "2-2-", "3-1-", "3-4-"])
  }

  @Test func whatIsWrongIsSaidBeforeTrainingBegins() throws {
    let folder = try TemporaryFolder()
    func said(_ checkpoint: ModelCheckpoint) -> String {
      let model = try? SmallModels.regressor()
      let said = spoken {
        try model?.fit(SmallModels.x, SmallModels.y, verbose: .silent, callbacks: [checkpoint], validationSplit: 0.25)
      }
      #expect(model?.history == nil, "\(said)")
      return said
    }
    #expect(
      said(ModelCheckpoint("{epoch}-{val_acuracy:.2f}.safetensors"))
        == "{epoch}-{val_acuracy:.2f}.safetensors: there is no value \"val_acuracy\" for the file's name; take one of epoch, "
        + "learning_rate, loss, mean_absolute_error, val_loss, val_mean_absolute_error")
    #expect(said(ModelCheckpoint("{val_loss}.safetensors", saveFrequency: .steps(2))).contains("there is no value \"val_loss\""))
    #expect(said(ModelCheckpoint("{loss:.2d}.safetensors")).contains("only epoch and batch are whole numbers"))
    #expect(said(ModelCheckpoint("a.bin")).contains("the end of the name tells the format"))
    #expect(said(ModelCheckpoint("a.safetensors", saveFrequency: .steps(0))).contains("at least 1; received 0"))
    #expect(said(ModelCheckpoint("a.safetensors", keepLast: 0)).contains("at least 1; received 0"))
    #expect(
      said(ModelCheckpoint("a.safetensors", monitor: "val_thing", saveBestOnly: true)).contains("Say mode: .min or mode: .max"))
    #expect(folder.names.isEmpty)
  }

  /// A value that a callback of one's own may bring cannot be known before.
  @Test func aValueThatNeverComesIsAnErrorWhenItIsNeeded() throws {
    let folder = try TemporaryFolder()
    #expect(
      spoken { _ = try fit(ModelCheckpoint(folder.path("{other}.safetensors")), values: [1]) }
        .contains("there is no value \"other\" for the file's name"))
  }

  @Test func aModelWithAFunctionHasItsWeightsSaved() throws {
    let folder = try TemporaryFolder()
    let model = Sequential {
      Input(shape: [4])
      Dense(1)
      Lambda { $0 * 2 }
    }
    try model.compile(optimizer: .sgd, loss: .meanSquaredError)
    try model.fit(
      SmallModels.x, SmallModels.y, verbose: .silent,
      callbacks: [ModelCheckpoint(folder.path("best.keras"), monitor: "loss", saveBestOnly: true)])
    #expect(folder.names == ["best.weights.h5"])
    #expect(try model.loadWeights(from: folder.path("best.weights.h5")).isComplete)
  }
}
