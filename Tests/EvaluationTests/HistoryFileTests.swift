import DeepSwift
import Foundation
import Testing

@Suite struct HistoryFileTests {
  static let sparse: History = {
    var history = History()
    history.append(epoch: 0, logs: ["loss": 1.5, "accuracy": 0.1])
    history.append(epoch: 1, logs: ["loss": .nan, "accuracy": 1.0 / 3, "val_loss": -.infinity])
    return history
  }()

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func csvHasAColumnPerName() throws {
    let folder = try TemporaryFolder()
    try Self.sparse.write(to: folder.path("a.csv"))
    #expect(
      try text(folder.path("a.csv")) == """
        epoch,accuracy,loss,val_loss
        0,0.1,1.5,
        1,0.3333333333333333,nan,-inf

        """)
  }

  @Test func jsonIsKerasDictionaryWithEpochs() throws {
    let folder = try TemporaryFolder()
    try Self.sparse.write(to: folder.path("a.json"))
    #expect(
      try text(folder.path("a.json")) == """
        {
          "accuracy": [0.1, 0.3333333333333333],
          "epochs": [0, 1],
          "loss": [1.5, "nan"],
          "val_loss": [null, "-inf"]
        }

        """)
  }

  @Test(arguments: ["a.csv", "a.json"]) func whatIsWrittenIsReadBack(name: String) throws {
    let folder = try TemporaryFolder()
    var history = Self.sparse
    history.append(epoch: 7, logs: ["loss": 1e-300, "odd, \"name\"": 0.1 + 0.2])
    try history.write(to: folder.path(name))
    let back = try History(contentsOf: folder.path(name))
    #expect(back.keys == history.keys)
    #expect(back.epochs == [0, 1, 7])
    for (key, values) in history {
      #expect(back[key]?.map(\.description) == values.map(\.description))
      #expect(back.points(of: key).map(\.epoch) == history.points(of: key).map(\.epoch))
    }
  }

  @Test func readsTheTableOfACSVLogger() throws {
    let folder = try TemporaryFolder()
    try Data("epoch,loss,val_loss\r\n0,0.5,NA\r\n1,0.25,2\r\n".utf8)
      .write(to: URL(fileURLWithPath: folder.path("log.csv")))
    let history = try History(contentsOf: folder.path("log.csv"))
    #expect(history.loss == [0.5, 0.25])
    #expect(history.points(of: "val_loss").map(\.epoch) == [1])
  }

  @Test(arguments: [
    ("a.csv", "loss\n1\n", "its first column is not \"epoch\""),
    ("a.csv", "epoch,loss\n0,many\n", "line 2: \"many\" is no number"),
    ("a.csv", "epoch,loss\n0,1\n1\n", "line 3 has no epoch or not 1 values"),
    ("a.json", #"{"loss": [1, 2], "epochs": [0]}"#, "1 epochs but 2 values"),
    ("a.json", #"{"loss": ["high"]}"#, "\"high\" is not a number"),
  ])
  func brokenFilesSayWhy(name: String, content: String, reason: String) throws {
    let folder = try TemporaryFolder()
    try Data(content.utf8).write(to: URL(fileURLWithPath: folder.path(name)))
    let expected = ModelError(
      .file, at: folder.path(name), "holds no history: \(reason); write it with history.write(to:)")
    #expect(throws: expected) { try History(contentsOf: folder.path(name)) }
  }

  @Test func otherFormatsAreRefused() {
    let expected = ModelError(
      .argument, at: "a.xlsx", "a history is kept as .csv or .json; end the path with one of them")
    #expect(throws: expected) { try Self.sparse.write(to: "a.xlsx") }
    #expect(throws: expected) { try History(contentsOf: "a.xlsx") }
  }
}
