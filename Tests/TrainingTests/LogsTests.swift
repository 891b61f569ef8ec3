import DeepSwift
import Foundation
import Testing

@Suite struct LogsTests {
  @Test func keepsTheOrderOfItsNames() {
    var logs: Logs = ["loss": 0.5, "accuracy": 0.75]
    logs["val_loss"] = 0.25
    logs["loss"] = 0.125
    #expect(logs.keys == ["loss", "accuracy", "val_loss"])
    #expect(logs.values == [0.125, 0.75, 0.25])
    logs["accuracy"] = nil
    #expect(logs.map { "\($0)=\($1)" } == ["loss=0.125", "val_loss=0.25"])
  }

  @Test func accFindsAccuracyAndTheOtherWayRound() {
    let new: Logs = ["accuracy": 0.75, "val_accuracy": 0.5]
    #expect(new["acc"] == 0.75)
    #expect(new["val_acc"] == 0.5)
    let old: Logs = ["acc": 0.25]
    #expect(old["accuracy"] == 0.25)
    #expect(old["val_accuracy"] == nil)
    let both: Logs = ["accuracy": 1, "acc": 2]
    #expect(both["acc"] == 2)
  }

  @Test func numbersThatAreNoneSurviveJSON() throws {
    let logs: Logs = ["loss": .nan, "a": .infinity, "b": -.infinity, "c": 0.1]
    let data = try JSONEncoder().encode(logs)
    let text = try #require(String(bytes: data, encoding: .utf8))
    for word in ["\"nan\"", "\"inf\"", "\"-inf\"", "0.1"] { #expect(text.contains(word)) }
    let back = try JSONDecoder().decode(Logs.self, from: data)
    #expect(back.keys == ["loss", "a", "b", "c"])
    #expect(try #require(back["loss"]).isNaN)
    #expect(back["a"] == .infinity)
    #expect(back["b"] == -.infinity)
    #expect(back["c"] == 0.1)
  }

  @Test func describesItselfAsTheProgressLineDoes() {
    let logs: Logs = ["accuracy": 0.1123, "loss": 2.58491, "learning_rate": 0.001]
    #expect(logs.description == "accuracy: 0.1123 - loss: 2.5849 - learning_rate: 1.0000e-03")
  }
}
