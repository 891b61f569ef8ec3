import DeepSwift
import Testing

/// When it stops is tested against Keras in `KerasHistoryTests`.
@Suite struct EarlyStoppingTests {
  @Test func theBestWeightsComeBack() throws {
    let stopping = EarlyStopping(patience: 1, restoreBestWeights: true)
    let run = try ScriptedRun([0.5, 0.4, 0.6, 0.7], [stopping])
    #expect(run.history.epochs == [0, 1, 2])
    #expect(stopping.bestEpoch == 1)
    #expect(stopping.stoppedEpoch == 2)
    #expect(try run.model.weights["dense/kernel"].item == 1)
  }

  @Test func theBestWeightsComeBackWhoeverEndsTheTraining() throws {
    let stopping = EarlyStopping(patience: 100, restoreBestWeights: true)
    let run = try ScriptedRun([0.5, 0.4, 0.6, 0.7], [stopping])
    #expect(run.history.epochs == [0, 1, 2, 3])
    #expect(stopping.stoppedEpoch == nil)
    #expect(try run.model.weights["dense/kernel"].item == 1)
  }

  @Test func aValueThatIsMissingStopsNothing() throws {
    let model = try Small.line()
    let history = try model.fit(
      Small.x, Small.values, epochs: 3, verbose: .silent, callbacks: [EarlyStopping(monitor: "val_loss")])
    #expect(history.epochs == [0, 1, 2])
  }

  @Test func itBeginsAnewWithEachTraining() throws {
    let stopping = EarlyStopping(monitor: "loss", patience: 0), model = try Small.line(.sgd(learningRate: 0))
    for _ in 0..<2 {
      #expect(
        try model.fit(Small.x, Small.values, epochs: 5, verbose: .silent, callbacks: [stopping], shuffle: false).epochs
          == [0, 1])
    }
  }

  @Test func aNameThatTellsNoDirectionAsksForOne() throws {
    let model = try Small.line(), before = bits(model)
    let error = fault {
      try model.fit(Small.x, Small.values, verbose: .silent, callbacks: [EarlyStopping(monitor: "goodness")])
    }
    #expect(error?.kind == .argument)
    #expect(
      error?.message == #"whether "goodness" should grow or shrink does not follow from its name. Say mode: .min or mode: .max."#)
    #expect(bits(model) == before)
  }
}
