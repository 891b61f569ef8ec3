import DeepSwift
import Foundation
import Testing

@Suite struct CSVLoggerTests {
  private func withFile(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/log-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  private func lines(_ path: String) throws -> [[String]] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasSuffix("\n"))
    return text.split(separator: "\n").map { $0.components(separatedBy: ",") }
  }

  @Test func aLineForEachEpoch() throws {
    try withFile { path in
      let history = try Small.line(metrics: [.mae]).fit(
        Small.x, Small.values, epochs: 3, verbose: .silent, callbacks: [CSVLogger(path)],
        validationData: (Small.x, Small.values))
      let lines = try lines(path)
      #expect(lines[0] == ["epoch", "loss", "mae", "val_loss", "val_mae"])
      #expect(lines.dropFirst().map { $0[0] } == ["0", "1", "2"])
      for (column, name) in lines[0].enumerated().dropFirst() {
        #expect(lines.dropFirst().map { Double($0[column]) } == history[name])
      }
    }
  }

  /// Values that come only in some epochs have their column from the beginning.
  @Test func whatIsMissingIsNA() throws {
    try withFile { path in
      try Small.line().fit(
        Small.x, Small.values, epochs: 3, verbose: .silent, callbacks: [CSVLogger(path)],
        validationData: (Small.x, Small.values), validationFrequency: 2)
      let lines = try lines(path)
      #expect(lines[0] == ["epoch", "loss", "val_loss"])
      #expect(lines.dropFirst().map { $0[2] == "NA" } == [true, false, true])
    }
  }

  @Test func linesAreAddedToAFileOnRequest() throws {
    try withFile { path in
      let model = try Small.line()
      try model.fit(Small.x, Small.values, epochs: 2, verbose: .silent, callbacks: [CSVLogger(path)])
      try model.fit(
        Small.x, Small.values, epochs: 4, verbose: .silent, callbacks: [CSVLogger(path, append: true)], initialEpoch: 2)
      #expect(try lines(path).map { $0[0] } == ["epoch", "0", "1", "2", "3"])
      try model.fit(Small.x, Small.values, verbose: .silent, callbacks: [CSVLogger(path)])
      #expect(try lines(path).map { $0[0] } == ["epoch", "0"])
    }
  }

  @Test func aFileThatCannotBeMadeIsNamed() throws {
    let model = try Small.line(), before = bits(model)
    let error = fault {
      try model.fit(Small.x, Small.values, verbose: .silent, callbacks: [CSVLogger("/nowhere/at/all.csv")])
    }
    #expect(error?.kind == .file)
    #expect(error?.place == "/nowhere/at/all.csv")
    #expect(bits(model) == before)
  }
}
