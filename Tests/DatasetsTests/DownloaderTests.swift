import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

/// A web server on this machine, with the habits that `server.py` lists.
final class TestServer {
  let folder: String
  private let process = Process()
  private var server: pid_t = 0
  private(set) var address = ""

  static let isPossible = FileManager.default.fileExists(atPath: "/usr/bin/env") && canRunPython()

  init(_ folder: String) throws {
    self.folder = folder
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "\(fixtures)/server/server.py", folder]
    process.standardOutput = output
    try process.run()
    var line = ""
    while !line.hasSuffix("\n") {
      let byte = output.fileHandleForReading.readData(ofLength: 1)
      try #require(!byte.isEmpty, "the web server did not start")
      line += String(decoding: byte, as: UTF8.self)
    }
    let numbers = line.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
    address = "http://127.0.0.1:\(numbers[0])"
    server = numbers[1]
  }

  deinit {
    // Not `process.terminate()`: `env` may start a script that starts Python, and a test runner's children may ignore it.
    kill(server, SIGKILL)
    process.waitUntilExit()
  }

  /// What was asked for so far: path and range.
  func requests() -> [String] {
    let log = (try? String(contentsOfFile: "\(folder)/requests.log", encoding: .utf8)) ?? ""
    return log.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func canRunPython() -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "--version"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

@Suite(.enabled(if: TestServer.isPossible, "python3 is needed for a web server"))
struct DownloaderTests {
  let contents = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 5) }

  /// Runs a download of `file` from these habits of a server, with `part` as what an earlier attempt left.
  func download(
    _ habits: [String], part: [UInt8]? = nil, expecting: [UInt8]? = nil,
    _ body: (_ fault: String, _ target: String, _ requests: [String]) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let server = try TestServer(folder)
      try Files.write(contents, to: "\(folder)/file")
      let target = "\(folder)/cache/deep/file"
      if let part {
        try FileManager.default.createDirectory(atPath: "\(folder)/cache/deep", withIntermediateDirectories: true)
        try Files.write(part, to: target + ".part")
      }
      let expected = sha256(expecting ?? contents)
      let downloader = Downloader(addresses: habits.map { "\(server.address)/\($0)/file" }, target: target) { path in
        guard sha256(try Files.read(path)) == expected else { throw ModelError(.file, "wrong digest") }
      }
      try body(message { try downloader.run() }, target, server.requests())
    }
  }

  @Test(arguments: ["whole", "ranges", "moved"])
  func aFileArrives(habit: String) throws {
    try download([habit]) { fault, target, _ in
      #expect(fault == "no error")
      #expect((try? Files.read(target)) == contents)
      #expect(!Files.exists(target + ".part"))
    }
  }

  @Test func whatIsThereIsNotFetchedAgain() throws {
    try download(["ranges"], part: Array(contents.prefix(100_000))) { fault, target, requests in
      #expect(fault == "no error")
      #expect(requests == ["/ranges/file bytes=100000-"])
      #expect((try? Files.read(target)) == contents)
    }
    // The last attempt was stopped between the last byte and the check.
    try download(["ranges"], part: contents) { fault, target, _ in
      #expect(fault == "no error")
      #expect((try? Files.read(target)) == contents)
    }
  }

  @Test func aServerWithoutRangesSendsEverything() throws {
    try download(["whole"], part: Array(contents.prefix(100_000))) { fault, target, _ in
      #expect(fault == "no error")
      #expect((try? Files.read(target)) == contents)
    }
  }

  @Test func aWrongPartIsThrownAway() throws {
    try download(["ranges"], part: [1, 2, 3]) { fault, target, requests in
      #expect(fault == "no error")
      #expect(requests == ["/ranges/file bytes=3-", "/ranges/file"])
      #expect((try? Files.read(target)) == contents)
    }
    try download(["ranges"], part: contents + [1]) { fault, target, _ in
      #expect(fault == "no error")
      #expect((try? Files.read(target)) == contents)
    }
  }

  @Test func theNextAddressHelps() throws {
    try download(["missing", "short", "ranges"]) { fault, target, requests in
      #expect(fault == "no error")
      #expect(requests == ["/missing/file", "/short/file", "/ranges/file bytes=150000-"])
      #expect((try? Files.read(target)) == contents)
    }
  }

  @Test func aMissingFileIsAnError() throws {
    try download(["missing"]) { fault, target, _ in
      #expect(fault.contains("the server answered 404"))
      #expect(!Files.exists(target) && !Files.exists(target + ".part") || (try? Files.read(target + ".part")) == [])
    }
  }

  @Test func aWrongDigestIsAnError() throws {
    try download(["whole"], expecting: [1]) { fault, target, _ in
      #expect(fault.contains("wrong digest"))
      #expect(!Files.exists(target) && !Files.exists(target + ".part"))
    }
  }

  @Test func aBrokenConnectionKeepsWhatArrived() throws {
    try download(["short"]) { fault, target, _ in
      #expect(fault.contains("could not be downloaded"))
      #expect(!Files.exists(target))
      #expect((try? Files.read(target + ".part")) == Array(contents.prefix(150_000)))
    }
  }

  @Test func noServerIsAnError() throws {
    try withTemporaryFolder { folder in
      let downloader = Downloader(addresses: ["http://127.0.0.1:9/file", "ftp://a/file"], target: "\(folder)/file") {
        _ in
      }
      let fault = message { try downloader.run() }
      #expect(fault.contains("http://127.0.0.1:9/file: ") && fault.contains("is not an address"))
    }
  }
}
