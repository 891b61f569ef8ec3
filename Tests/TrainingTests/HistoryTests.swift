import DeepSwift
import Foundation
import Testing

@Suite struct HistoryTests {
  /// Four epochs, validation after every second one, learning rate from the third on.
  static let sparse: History = {
    var history = History()
    history.append(epoch: 0, logs: ["loss": 1, "accuracy": 0.5])
    history.append(epoch: 1, logs: ["loss": 0.5, "accuracy": 0.625, "val_loss": 0.75, "val_accuracy": 0.5])
    history.append(epoch: 2, logs: ["loss": 0.25, "accuracy": 0.75, "learning_rate": 0.001])
    history.append(
      epoch: 3, logs: ["loss": 0.125, "accuracy": 0.875, "val_loss": 1, "val_accuracy": 0.75, "learning_rate": 0.0001])
    return history
  }()

  @Test func namesComeInAlphabeticalOrder() {
    let history = Self.sparse
    #expect(history.keys == ["accuracy", "learning_rate", "loss", "val_accuracy", "val_loss"])
    var names: [String] = []
    for (name, values) in history {
      names.append(name)
      #expect(values == history[name])
    }
    #expect(names == history.keys)
    #expect(history.epochs == [0, 1, 2, 3])
  }

  @Test func listsAreShorterWhereEpochsLackAValue() {
    let history = Self.sparse
    #expect(history.loss == [1, 0.5, 0.25, 0.125])
    #expect(history.accuracy == [0.5, 0.625, 0.75, 0.875])
    #expect(history.valLoss == [0.75, 1])
    #expect(history.valAccuracy == [0.5, 0.75])
    #expect(history.points(of: "val_loss").map(\.epoch) == [1, 3])
    #expect(history["acc"] == history.accuracy)
    #expect(history["val_acc"] == history.valAccuracy)
    #expect(history["mae"] == nil)
    #expect(History().valLoss == [])
    #expect(history.logs(epoch: 2)?["learning_rate"] == 0.001)
  }

  @Test func anEpochThatComesAgainReplacesItsRecord() {
    var history = Self.sparse
    history.append(epoch: 3, logs: ["loss": 9])
    history.append(epoch: 5, logs: ["loss": 5])
    history.append(epoch: 4, logs: ["loss": 4])
    #expect(history.epochs == [0, 1, 2, 3, 4, 5])
    #expect(history.loss == [1, 0.5, 0.25, 9, 4, 5])
  }

  @Test func theBestEpochIsTheOneANameAsksFor() {
    let history = Self.sparse
    #expect(history.bestEpoch() == 1)
    #expect(history.bestEpoch(for: "loss") == 3)
    #expect(history.bestEpoch(for: "val_acc") == 3)
    #expect(history.bestEpoch(for: "learning_rate") == nil)
    #expect(history.bestEpoch(for: "learning_rate", higherIsBetter: true) == 2)
    #expect(history.bestEpoch(for: "val_mae") == nil)
    var broken = History()
    for (epoch, loss) in [Double.nan, 2, 1, .nan, 1, .infinity].enumerated() {
      broken.append(epoch: epoch, logs: ["loss": loss])
    }
    #expect(broken.bestEpoch(for: "loss") == 2)
  }

  @Test(arguments: [
    ("val_loss", false), ("mae", false), ("mean_squared_error", false), ("sparse_categorical_crossentropy", false),
    ("val_accuracy", true), ("head_acc", true), ("auc_1", true), ("top_k_categorical_accuracy", true),
    ("f1_score", true), ("mean_iou", true), ("false_positives", false),
  ])
  func namesTellWhichWayIsBetter(name: String, higher: Bool) {
    #expect(History.higherIsBetter(name) == higher)
  }

  @Test func itsDescriptionIsATable() {
    #expect(
      Self.sparse.description == """
        epoch  accuracy  learning_rate    loss  val_accuracy  val_loss
            1    0.5000                 1.0000
            2    0.6250                 0.5000        0.5000    0.7500
            3    0.7500     1.0000e-03  0.2500
            4    0.8750     1.0000e-04  0.1250        0.7500    1.0000
        """)
  }

  @Test func survivesJSONWithGapsAndNumbersThatAreNone() throws {
    var history = Self.sparse
    history.append(epoch: 7, logs: ["loss": .nan, "accuracy": .infinity, "val_loss": -.infinity])
    let back = try JSONDecoder().decode(History.self, from: JSONEncoder().encode(history))
    #expect(back.epochs == [0, 1, 2, 3, 7])
    #expect(back.keys == history.keys)
    #expect(back.points(of: "val_loss").map(\.epoch) == [1, 3, 7])
    #expect(back.valLoss == [0.75, 1, -.infinity])
    #expect(back.loss.last?.isNaN == true)
    #expect(back.accuracy.last == .infinity)
  }

  @Test func readsTheDictionaryOfAKerasHistory() throws {
    let json = #"{"accuracy": [0.5, 0.75], "loss": [1.5, 0.25], "val_loss": [2.0]}"#
    let history = try JSONDecoder().decode(History.self, from: Data(json.utf8))
    #expect(history.epochs == [0, 1])
    #expect(history.accuracy == [0.5, 0.75])
    #expect(history.valLoss == [2])
  }
}
