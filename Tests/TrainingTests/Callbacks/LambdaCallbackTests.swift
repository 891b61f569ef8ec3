import DeepSwift
import Testing

@Suite struct LambdaCallbackTests {
  @Test func everyFunctionIsCalled() throws {
    var events: [String] = []
    let callback = LambdaCallback(
      trainingBegan: { events.append("train") }, trainingEnded: { events.append("trained \($0.keys)") },
      epochBegan: { events.append("epoch \($0)") }, epochEnded: { events.append("epoch \($0) \($1.keys)") },
      batchBegan: { events.append("batch \($0)") }, batchEnded: { events.append("batch \($0) \($1.keys)") })
    try Small.line().fit(Small.x, Small.values, verbose: .silent, callbacks: [callback])
    #expect(
      events == [
        "train", "epoch 0", "batch 0", #"batch 0 ["loss"]"#, #"epoch 0 ["loss"]"#, #"trained ["loss"]"#,
      ])
  }

  @Test func valuesThatACallbackAddsGetIntoTheHistory() throws {
    final class Adding: Callback {
      func epochEnded(_ epoch: Int, _ logs: Logs, _ run: TrainingRun) { run.logs["goodness"] = Double(epoch) }
    }
    var seen: [Double?] = []
    let history = try Small.line().fit(
      Small.x, Small.values, epochs: 2, verbose: .silent,
      callbacks: [Adding(), LambdaCallback(epochEnded: { seen.append($1["goodness"]) })])
    #expect(history["goodness"] == [0, 1])
    #expect(seen == [0, 1])
    #expect(history.keys == ["goodness", "loss"])
  }
}
