import DeepSwift
import Foundation

/// Times one training epoch of a course model on random data, and prints one line of JSON as the peers' programs do.
///
/// usage: Benchmark MODEL [EPOCHS]
///        Benchmark profile MODEL
///        Benchmark saving FOLDER
///        Benchmark images FOLDER [SIZE [PASSES]]
///        Benchmark image-training FOLDER [SIZE]
///        Benchmark scaling PICTURE
@main struct Benchmark {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "saving", arguments.count == 2, let folder = arguments.last { return try SavingBenchmark.run(folder) }
    if arguments.first == "scaling", arguments.count == 2, let path = arguments.last { return try Scaling.run(path) }
    if arguments.first == "images" { return try ImageReading.run(Array(arguments.dropFirst())) }
    if arguments.first == "image-training" { return try ImageTraining.run(Array(arguments.dropFirst())) }
    if arguments.first == "profile", let course = arguments.last.flatMap({ CourseModel.named[$0] }) {
      return try StepProfile.run(course)
    }
    guard let name = arguments.first, let course = CourseModel.named[name] else {
      print("usage: Benchmark MODEL [EPOCHS]\nmodels: \(CourseModel.named.keys.sorted().joined(separator: " "))")
      exit(2)
    }
    let epochs = arguments.dropFirst().first.flatMap { Int($0) } ?? 4
    setRandomSeed(0)
    let (x, y) = course.data()
    let start = seconds()
    let model = course.model()
    try model.compile(optimizer: course.optimizer, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    try model.fit(x[0..<course.batchSize], y[0..<course.batchSize], batchSize: course.batchSize, verbose: .silent)
    let firstStep = seconds() - start

    let steps = (x.shape[0] + course.batchSize - 1) / course.batchSize
    var times: [Double] = []
    for _ in 0...epochs {
      let start = seconds()
      try model.fit(x, y, batchSize: course.batchSize, epochs: 1, verbose: .silent)
      times.append(seconds() - start)
    }
    let counted = times.dropFirst().sorted()
    let began = seconds()
    _ = try model.predict(x, batchSize: course.batchSize)
    let predictSeconds = seconds() - began
    let row = x[0..<1]
    let latency = try median(of: 2_000) { _ = try model.predictOnBatch(row) }
    let values: [(String, String)] = [
      ("peer", "\"deepswift\""), ("model", "\"\(name)\""), ("parameters", "\(model.parameterCount)"),
      ("ms_per_step", text(counted[0] / Double(steps) * 1e3)),
      ("ms_per_step_median", text(counted[counted.count / 2] / Double(steps) * 1e3)),
      ("samples_per_second", "\(Int(Double(x.shape[0]) / counted[0]))"),
      ("predict_samples_per_second", "\(Int(Double(x.shape[0]) / predictSeconds))"), ("one_row_us", text(latency * 1e6)),
      ("first_step_s", text(firstStep)), ("peak_MB", "\(peakMegabytes())"),
    ]
    print("{" + values.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}")
  }

  /// The median time of a call, which is short and often repeated.
  private static func median(of count: Int, _ body: () throws -> Void) rethrows -> Double {
    let times = try (0..<count).map { _ in
      let start = seconds()
      try body()
      return seconds() - start
    }
    return times.sorted()[count / 2]
  }

  private static func seconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
  private static func text(_ value: Double) -> String { String(format: "%.4f", value) }

  static func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }
}
