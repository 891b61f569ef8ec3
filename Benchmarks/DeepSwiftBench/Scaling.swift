import DeepSwift
import Foundation

/// How the time of a training step grows with batch size, width and threads: a table for each, and one picture of all.
///
/// usage: Benchmark scaling PICTURE
enum Scaling {
  /// One measured line: the same model at several sizes.
  struct Series {
    let name, unit: String
    var points: [(label: String, value: Double)] = []
  }

  static func run(_ path: String) throws {
    let batches = [1, 8, 32, 100, 512], widths = [32, 64, 128, 256, 512, 1024, 2048]
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let threads = (1...cores).filter { $0 == cores || $0.nonzeroBitCount == 1 }
    var panels: [(title: String, across: String, series: [Series])] = []

    panels.append(
      (
        "Samples per second", "batch size",
        try ["mlp", "lenet"].map { name in
          var series = Series(name: name, unit: "samples/s")
          for batch in batches {
            let seconds = try secondsPerStep(CourseModel.named[name]!.model(), like: name, batch: batch)
            series.points.append(("\(batch)", Double(batch) / seconds))
          }
          return series
        }
      ))
    var wide = Series(name: "784 - width - 10, batch 100", unit: "ms")
    for width in widths {
      wide.points.append(("\(width)", try secondsPerStep(CourseModel.dense([width]), like: "mlp", batch: 100) * 1e3))
    }
    panels.append(("Milliseconds per step", "width of the dense layer", [wide]))
    panels.append(
      (
        "Speed, one thread = 1", "threads",
        try ["mlp", "lenet", "cifar"].map { name in
          var series = Series(name: name, unit: "times")
          let alone = try secondsPerStep(CourseModel.named[name]!.model(), like: name, batch: 100, threads: 1)
          for count in threads {
            let model = CourseModel.named[name]!.model()
            let seconds = count == 1 ? alone : try secondsPerStep(model, like: name, batch: 100, threads: count)
            series.points.append(("\(count)", alone / seconds))
          }
          return series
        }
      ))

    for panel in panels {
      print("\n| \(panel.across) | \(panel.series[0].points.map(\.label).joined(separator: " | ")) |")
      print("|---|\(panel.series[0].points.map { _ in "---|" }.joined())")
      for series in panel.series {
        let values = series.points.map { String(format: $0.value < 100 ? "%.3g" : "%.0f", $0.value) }
        print("| \(series.name), \(series.unit) | \(values.joined(separator: " | ")) |")
      }
    }
    try ScalingPlot(panels: panels).drawing().write(to: path)
    print("\nwrote \(path)")
  }

  /// The shortest of five epochs, over its steps.
  private static func secondsPerStep(_ model: Model, like name: String, batch: Int, threads: Int? = nil) throws -> Double {
    let course = CourseModel.named[name]!
    // Enough samples for a measurable time, and for no more than a second or so.
    let samples = name == "mlp" ? max(batch * 10, 6_000) : name == "lenet" ? max(batch * 4, 1_000) : 800
    let x = Tensor.random(uniform: 0...1, shape: Shape([samples] + course.shape.dimensions), seed: 1)
    let y = Tensor.random(integers: 0..<10, shape: [samples], seed: 2)
    if let threads { model.programSettings.workers = threads }
    try model.compile(optimizer: course.optimizer, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    try model.fit(x, y, batchSize: batch, verbose: .silent)
    let best = try (0..<5).map { _ in
      let start = DispatchTime.now().uptimeNanoseconds
      try model.fit(x, y, batchSize: batch, verbose: .silent)
      return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }.min()!
    return best / Double((samples + batch - 1) / batch)
  }
}
