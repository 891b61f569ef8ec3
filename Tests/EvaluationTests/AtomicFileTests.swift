import DeepSwift
import Foundation
import Testing

/// A folder that is gone after the test.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("deepswift-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
  deinit { try? FileManager.default.removeItem(at: url) }
}

@Suite struct AtomicFileTests {
  @Test func replacesAFileAndLeavesNothingElse() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(Data("one".utf8), to: folder.path("a"))
    try AtomicFile.write(Data("two".utf8), to: folder.path("a"))
    #expect(try AtomicFile.read(folder.path("a")) == Data("two".utf8))
    #expect(folder.names == ["a"])
  }

  @Test func aLinkStaysALink() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(Data("one".utf8), to: folder.path("a"))
    try FileManager.default.createSymbolicLink(atPath: folder.path("b"), withDestinationPath: "a")
    try AtomicFile.write(Data("two".utf8), to: folder.path("b"))
    #expect(try AtomicFile.read(folder.path("a")) == Data("two".utf8))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("b")) == "a")
  }

  @Test func aDeviceIsWrittenToAndNotReplaced() throws {
    try AtomicFile.write(Data("gone".utf8), to: "/dev/null")
    #expect(
      try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
        == .typeCharacterSpecial)
  }

  @Test func errorsNameThePathAndTheRemedy() throws {
    let folder = try TemporaryFolder()
    let current = FileManager.default.currentDirectoryPath
    let missing = folder.path("no/such/file.csv")
    #expect(
      throws: ModelError(
        .file, at: missing,
        "cannot write: No such file or directory; create its folder first; the current one is \(current)")
    ) { try AtomicFile.write(Data(), to: missing) }
    #expect(throws: ModelError(.file, at: folder.url.path, "cannot write: this is a folder; add the name of a file")) {
      try AtomicFile.write(Data(), to: folder.url.path)
    }
    #expect(throws: ModelError(.file, "a file needs a name, received an empty path")) {
      try AtomicFile.write(Data(), to: "")
    }
    #expect(
      throws: ModelError(
        .file, at: missing, "there is no such file; check the path, the current folder is \(current)")
    ) { try AtomicFile.read(missing) }
  }
}
