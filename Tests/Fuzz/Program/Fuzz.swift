import DeepSwiftEngine
import Foundation
import FuzzTargets

/// Reads damaged files, one after the other. A crash, a hang or a flood of memory ends the program with an error; the file
/// that did it can be made again from the number in `--last`.
///
///     swift run -c release Fuzz hdf5 --count 100000 --seed 1
///     swift run -c release Fuzz hdf5 --seed 1 --case 4711 --save bad.h5
@main struct Fuzz {
  static func main() throws {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    let files = try options.target.corpus.files(in: options.corpus)
    guard !files.isEmpty else { throw ModelError(.argument, "there are no files to start from") }
    let corpus = files.map(\.bytes)
    if let number = options.number {
      let bytes = options.target.file(number, seed: options.seed, from: corpus)
      if let path = options.save { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
      print("\(options.target.name) \(number) of seed \(options.seed), \(bytes.count) bytes")
      print(try options.target.accepts(bytes) ? "is accepted" : "is refused")
      return
    }
    try limitMemory(options.megabytes)
    try run(options, corpus)
  }

  private static func run(_ options: Options, _ corpus: [[UInt8]]) throws {
    let last = open(options.last, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard last >= 0 else { throw ModelError(.file, at: options.last, "cannot be written") }
    defer { close(last) }
    let start = Date(), memory = peakMemory()
    var (accepted, bytes, slowest) = (0, 0, (seconds: 0.0, number: 0))
    for number in 0..<options.count {
      let line = Array("\(options.target.name) --seed \(options.seed) --case \(number)          \n".utf8)
      pwrite(last, line, line.count, 0)
      let file = options.target.file(number, seed: options.seed, from: corpus)
      bytes += file.count
      // A file that takes longer than this is taken for a hang: the signal ends the program.
      alarm(20)
      let began = Date()
      if try options.target.accepts(file) { accepted += 1 }
      let seconds = Date().timeIntervalSince(began)
      if seconds > slowest.seconds { slowest = (seconds, number) }
      if (number + 1) % max(1, options.count / 10) == 0 {
        let rate = Double(number + 1) / Date().timeIntervalSince(start)
        print("\(options.target.name): \(number + 1) files, \(Int(rate)) per second, \(accepted) accepted")
        fflush(nil)
      }
    }
    alarm(0)
    print(
      """
      \(options.target.name): \(options.count) files of seed \(options.seed), \(bytes >> 20) MB, \
      in \(String(format: "%.1f", Date().timeIntervalSince(start))) s; \
      the slowest, \(slowest.number), took \(String(format: "%.1f", slowest.seconds * 1000)) ms; \
      memory grew by \(peakMemory() - memory) MB at most
      """)
    unlink(options.last)
  }

  /// Memory beyond what the program has now is refused, so that a bomb ends it.
  private static func limitMemory(_ megabytes: Int) throws {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
      let pages = text.split(separator: " ").first.flatMap({ UInt($0) })
    else { return }
    let bytes = pages * UInt(sysconf(Int32(_SC_PAGESIZE))) + UInt(megabytes) << 20
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
      throw ModelError(.argument, "memory could not be limited: \(String(cString: strerror(errno)))")
    }
  }

  /// The most memory that was in use so far, in megabytes.
  private static func peakMemory() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}

/// What the command line asks for.
private struct Options {
  var target: any FuzzTarget.Type
  var count = 100_000
  var seed: UInt64 = 1
  var corpus: String?
  var number: Int?
  var save: String?
  var last = "fuzz-last-case.txt"
  var megabytes = 1024

  init(_ arguments: [String]) throws {
    let names = fuzzTargets.map { $0.name }.joined(separator: "|")
    let usage = ModelError(
      .argument,
      "Fuzz \(names) [--count N] [--seed N] [--corpus FOLDER] [--case N [--save FILE]] [--last FILE] [--megabytes N]")
    guard let target = fuzzTargets.first(where: { $0.name == arguments.first }) else { throw usage }
    self.target = target
    var rest = arguments.dropFirst()
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { throw usage }
      switch (option, Int(value)) {
      case ("--count", let number?): count = number
      case ("--seed", let number?): seed = UInt64(truncatingIfNeeded: number)
      case ("--case", let number?): self.number = number
      case ("--megabytes", let number?): megabytes = number
      case ("--corpus", _): corpus = value
      case ("--save", _): save = value
      case ("--last", _): last = value
      default: throw usage
      }
    }
  }
}
