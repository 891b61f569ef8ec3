import DeepSwift
import Testing

/// When it lowers the rate is tested against Keras in `KerasHistoryTests`.
@Suite struct ReduceLROnPlateauTests {
  @Test func aFactorLowers() throws {
    let error = fault {
      try Small.line().fit(Small.x, Small.values, verbose: .silent, callbacks: [ReduceLROnPlateau(factor: 1)])
    }
    #expect(error?.kind == .argument)
    #expect(error?.place == "ReduceLROnPlateau")
    #expect(error?.message == "a factor of 1.0 does not lower the rate; it lies below 1")
  }

  @Test func theNextEpochIsTrainedWithTheLowerRate() throws {
    // The loss never changes, as nothing does.
    let model = try Small.line(.sgd(learningRate: 0.5))
    model.layers[0].trainable = false
    try model.compile(optimizer: .sgd(learningRate: 0.5), loss: .meanSquaredError)
    let history = try model.fit(
      Small.x, Small.values, epochs: 4, verbose: .silent,
      callbacks: [ReduceLROnPlateau(monitor: "loss", factor: 0.5, patience: 1)], shuffle: false)
    #expect(history["learning_rate"] == [0.5, 0.5, 0.25, 0.125])
    #expect(model.optimizer?.learningRate == 0.0625)
  }
}
