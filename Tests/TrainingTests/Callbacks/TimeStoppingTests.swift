import DeepSwift
import Testing

@Suite struct TimeStoppingTests {
  @Test func anEndIsMadeAfterTheCurrentBatch() throws {
    let model = try Small.line()
    let history = try model.fit(
      Small.x, Small.values, batchSize: 4, epochs: 3, verbose: .silent, callbacks: [TimeStopping(seconds: 0)])
    #expect(history.epochs == [0])
    #expect(model.optimizer?.iterations == 1)
    let long = try model.fit(Small.x, Small.values, epochs: 3, verbose: .silent, callbacks: [TimeStopping(seconds: 1e6)])
    #expect(long.epochs == [0, 1, 2])
  }
}
