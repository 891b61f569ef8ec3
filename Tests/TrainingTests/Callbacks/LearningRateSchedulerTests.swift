import DeepSwift
import Testing

@Suite struct LearningRateSchedulerTests {
  @Test func theRateIsSetBeforeEachEpoch() throws {
    let model = try Small.line(.sgd(learningRate: 1))
    var asked: [Float] = []
    let history = try model.fit(
      Small.x, Small.values, epochs: 4, verbose: .silent,
      callbacks: [
        LearningRateScheduler { epoch, rate in
          asked.append(rate)
          return epoch < 2 ? rate : rate / 2
        }
      ])
    #expect(asked == [1, 1, 1, 0.5])
    #expect(history["learning_rate"] == [1, 1, 0.5, 0.25])
    #expect(history.keys == ["learning_rate", "loss"])
  }
}
