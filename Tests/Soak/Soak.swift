import DeepSwiftDatasets
import Foundation

/// Kills trainings at random moments, starts them again, and compares what they end with, bit for bit, with trainings that
/// were left alone.
///
/// usage: Soak [--kills N] [--seed N] [--epochs N]
@main struct Soak {
  static func main() {
    do {
      try run()
    } catch {
      print(error)
      exit(1)
    }
  }

  private static func run() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    func option(_ name: String, _ normal: Int) -> Int {
      arguments.firstIndex(of: name).flatMap { arguments.indices.contains($0 + 1) ? Int(arguments[$0 + 1]) : nil } ?? normal
    }
    let epochs = option("--epochs", 40)
    if arguments.first == "train", arguments.count > 2, let kind = SoakRun.Kind(rawValue: arguments[1]) {
      let result = try SoakRun(kind: kind, folder: arguments[2]).run(seed: UInt64(option("--seed", 1)), epochs: epochs)
      // Beside the folder, which is searched for what a kill left behind.
      try Files.write(Data(result.utf8), to: "\(arguments[2]).result")
      return
    }
    var soak = Attack(kills: option("--kills", 50), epochs: epochs, random: Random(state: UInt64(option("--seed", 1))))
    try soak.run()
  }
}

/// Random numbers that a printed seed brings back. How far a training is at some moment they do not decide.
struct Random: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}

struct Attack {
  let kills: Int
  let epochs: Int
  var random: Random

  mutating func run() throws {
    print("\(kills) kills, seed \(random.state), \(epochs) epochs")
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("soak-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: root) }
    var expected: [SoakRun.Kind: (result: String, seconds: Double)] = [:]
    var left = kills, rounds = 0
    while left > 0 {
      let kind = SoakRun.Kind.allCases[rounds % SoakRun.Kind.allCases.count]
      if expected[kind] == nil {
        let folder = try fresh("\(root)/\(kind)"), start = Date()
        guard try train(kind, folder, seed: 1, for: .infinity) else { throw Failure("a training that nobody touched failed") }
        expected[kind] = (try result(folder), Date().timeIntervalSince(start))
      }
      let (wanted, seconds) = expected[kind]!
      let folder = try fresh("\(root)/round\(rounds)")
      var attempts = 0
      // Until there is a backup the training begins anew, and needs its seed.
      func seed() -> Int { FileManager.default.fileExists(atPath: "\(folder)/backup/training.safetensors") ? 1000 + attempts : 1 }
      while left > 0, try !train(kind, folder, seed: seed(), for: .random(in: 0...seconds, using: &random)) {
        attempts += 1
        left -= 1
      }
      let isOver = FileManager.default.fileExists(atPath: "\(folder).result")
      if try !isOver && !train(kind, folder, seed: seed(), for: .infinity) {
        throw Failure("round \(rounds) (\(kind)): the training could not go on after \(attempts) kills")
      }
      guard try result(folder) == wanted else { throw Failure("round \(rounds) (\(kind)): other bits after \(attempts) kills") }
      let rest = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(".") || $0 == "backup" }
      guard rest.isEmpty else { throw Failure("round \(rounds) (\(kind)): \(rest) was left behind") }
      print("round \(rounds) (\(kind)): \(attempts) kills, same bits")
      rounds += 1
    }
    print("\(kills) kills in \(rounds) trainings: all ended with the same bits")
  }

  private func fresh(_ folder: String) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  private func result(_ folder: String) throws -> String { try String(contentsOfFile: "\(folder).result", encoding: .utf8) }

  /// Runs a training in a process of its own; `false` if it was killed after `seconds`.
  private func train(_ kind: SoakRun.Kind, _ folder: String, seed: Int, for seconds: Double) throws -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["train", kind.rawValue, folder, "--seed", "\(seed)", "--epochs", "\(epochs)"]
    let end = Date().addingTimeInterval(seconds)
    try process.run()
    while process.isRunning, Date() < end { usleep(1000) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    if process.terminationReason == .exit {
      guard process.terminationStatus == 0 else { throw Failure("a training ended with status \(process.terminationStatus)") }
      return true
    }
    guard process.terminationStatus == SIGKILL else { throw Failure("a training died of signal \(process.terminationStatus)") }
    return false
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
