import DeepSwift
import Testing

@Suite struct TerminateOnNaNTests {
  @Test func theFirstBatchWithoutANumberIsTheLast() throws {
    var y = Small.values.floats
    y[5] = .nan
    let model = try Small.line()
    let history = try model.fit(
      Small.x, Tensor(y), batchSize: 4, epochs: 3, verbose: .silent, callbacks: [TerminateOnNaN()], shuffle: false)
    #expect(history.epochs == [0])
    #expect(history.loss[0].isNaN)
    #expect(model.optimizer?.iterations == 2)
  }

  @Test func numbersGoOn() throws {
    let model = try Small.line()
    #expect(
      try model.fit(Small.x, Small.values, epochs: 3, verbose: .silent, callbacks: [TerminateOnNaN()]).epochs == [0, 1, 2])
  }
}
