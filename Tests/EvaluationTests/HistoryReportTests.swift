import DeepSwift
import Foundation
import Testing

@Suite struct HistoryReportTests {
  static let wide = HistoryPlotTests.history(3) {
    ["accuracy": 0.5 + Double($0) / 10, "loss": 1 / Double($0 + 1), "val_loss": [0.9, 0.7, 0.8][$0]]
  }
  static let narrow = HistoryPlotTests.history(2) { ["accuracy": 0.9 - Double($0) / 10, "loss": 0.5, "val_loss": 0.9] }

  @Test func oneTrainingIsALineForEachEpoch() {
    let report = HistoryReport(Self.wide)
    #expect(
      report.description == """
        epoch   accuracy    loss  val_loss
            1     0.5000  1.0000    0.9000
            2*    0.6000  0.5000    0.7000*
            3     0.7000  0.3333    0.8000
        Best epoch: 2 (val_loss 0.7000).
        """)
    #expect(
      report.markdown == """
        | epoch | accuracy | loss | val_loss |
        | ---: | ---: | ---: | ---: |
        | 1 | 0.5000 | 1.0000 | 0.9000 |
        | **2** | 0.6000 | 0.5000 | **0.7000** |
        | 3 | 0.7000 | 0.3333 | 0.8000 |

        Best epoch: 2 (val_loss 0.7000).
        """)
    #expect(report.bestEpochs == [1])
    #expect(HistoryReport(Self.wide, monitor: "accuracy").bestEpochs == [2])
  }

  @Test func severalTrainingsAreALineEach() {
    let report = HistoryReport(["512 units": Self.wide, "16 units": Self.narrow])
    #expect(
      report.description == """
        run        epochs  best epoch  accuracy     loss   val_loss
        512 units       3           2    0.6000   0.5000*    0.7000*
        16 units        2           1    0.9000*  0.5000*    0.9000
        Values are those of the best epoch by val_loss, or loss without validation.
        """)
    #expect(report.runs.map(\.name) == ["512 units", "16 units"])
    let runs = ["b": Self.wide, "a": Self.narrow]
    #expect(HistoryReport(runs).runs.map(\.name) == ["a", "b"])
    #expect(HistoryReport([("b", Self.wide), ("a", Self.narrow)]).runs.map(\.name) == ["b", "a"])
  }

  @Test func ownMetricsNeedAHint() {
    let history = HistoryPlotTests.history(3) { ["within_one": Double([1, 3, 2][$0])] }
    #expect(HistoryReport(history, monitor: "within_one").bestEpochs == [nil])
    #expect(HistoryReport(history, monitor: "within_one", higherIsBetter: true).bestEpochs == [1])
    #expect(!HistoryReport(history).description.contains("*"))
  }

  @Test func emptyAndNaN() {
    #expect(HistoryReport(History()).description == "epoch")
    #expect(HistoryReport([]).description.hasPrefix("run  epochs"))
    let broken = HistoryPlotTests.history(2) { _ in ["loss": .nan] }
    #expect(HistoryReport(broken).description == "epoch  loss\n    1   nan\n    2   nan")
    #expect(HistoryReport(["a": broken, "b": Self.wide]).bestEpochs == [nil, 1])
  }

  @Test func files() throws {
    let folder = try TemporaryFolder()
    try HistoryReport(Self.wide).write(to: folder.path("a.md"))
    let text = try String(contentsOfFile: folder.path("a.md"), encoding: .utf8)
    #expect(text == HistoryReport(Self.wide).markdown + "\n")
    #expect(throws: ModelError.self) { try HistoryReport(Self.wide).write(to: folder.path("a.pdf")) }
  }
}
