import DeepSwiftEngine
import Foundation

/// Adds up the loss and the metrics over the batches of an epoch or an evaluation.
final class Measure {
  /// What was run last; a larger batch may ask for another program than the first one.
  var planned: PlannedProgram
  private let lossWeights: [Float]
  private var loss = RunningMean()
  private var outputLosses: [RunningMean]
  private let outputLossNames: [String?]
  private var gauges: [Gauge] = []
  /// What metrics see of each output: copies of the program's rows, in memory that is used again and again.
  private var views: [OutputView]

  /// A metric of one output under the name that it has in the history.
  private struct Gauge {
    let name: String
    let output: Int
    let isWeighted: Bool
    var metric: any Metric
  }

  private struct OutputView {
    let shape: Shape, targetShape: Shape
    var prediction = Tensor.zeros([1]), target = Tensor.zeros([1]), weight = Tensor.zeros([1])
  }

  init(_ planned: PlannedProgram, _ structure: Structure, _ compilation: Compilation) {
    self.planned = planned
    lossWeights = compilation.lossWeights
    let names = structure.outputNames, isSingle = names.count == 1
    outputLosses = names.map { _ in RunningMean() }
    // One loss alone is `loss` itself.
    let lossCount = planned.lossPlaces.count { $0 != nil }
    outputLossNames = names.indices.map { lossCount > 1 && planned.lossPlaces[$0] != nil ? "\(names[$0])_loss" : nil }
    views = structure.outputs.indices.map {
      OutputView(shape: structure.outputs[$0].shape, targetShape: planned.targetShapes[$0] ?? [])
    }
    var taken: Set<String> = ["loss"]
    taken.formUnion(outputLossNames.compactMap { $0 })
    func add(_ metric: any Metric, _ output: Int, isWeighted: Bool) {
      let prefix = isSingle ? "" : names[output] + "_"
      var name = prefix + metric.name
      if isWeighted && taken.contains(name) { name = prefix + "weighted_" + metric.name }
      var number = 0
      let base = name
      while !taken.insert(name).inserted {
        number += 1
        name = "\(base)_\(number)"
      }
      gauges.append(Gauge(name: name, output: output, isWeighted: isWeighted, metric: metric))
    }
    for output in names.indices where planned.targetPlaces[output] != nil {
      for metric in compilation.metrics[output] { add(metric, output, isWeighted: false) }
      for metric in compilation.weightedMetrics[output] { add(metric, output, isWeighted: true) }
    }
    reset()
  }

  func reset() {
    loss = RunningMean()
    for index in outputLosses.indices { outputLosses[index] = RunningMean() }
    for index in gauges.indices { gauges[index].metric.reset() }
  }

  /// Takes in the batch that the program has just run. Returns its loss.
  @discardableResult
  func add(rows: Int) -> Double {
    var total = 0.0
    for (output, place) in planned.lossPlaces.enumerated() {
      guard let place else { continue }
      let mean = mean(ofLoss: place, rows)
      total += Double(lossWeights[output]) * mean
      outputLosses[output].add(mean, weight: Double(rows))
    }
    for place in planned.activityPlaces { total += mean(ofLoss: place, rows) }
    for index in 0..<planned.penaltyCount { total += Double(planned.program.penalty(index)) }
    loss.add(total, weight: Double(rows))
    if !gauges.isEmpty { measure(rows) }
    return total
  }

  private func mean(ofLoss place: Int, _ rows: Int) -> Double {
    let values = planned.program.loss(place)
    var sum = 0.0
    for row in 0..<rows { sum += Double(values[row]) }
    return sum / Double(rows)
  }

  private func measure(_ rows: Int) {
    for output in views.indices where gauges.contains(where: { $0.output == output }) {
      copy(planned.program.output(output), rows, views[output].shape, into: &views[output].prediction)
      if let place = planned.targetPlaces[output] {
        copy(planned.program.output(place), rows, views[output].targetShape, into: &views[output].target)
      }
      if let place = planned.weightPlaces[output] {
        copy(planned.program.output(place), rows, [], into: &views[output].weight)
      }
    }
    for index in gauges.indices {
      let view = views[gauges[index].output]
      let isWeighted = gauges[index].isWeighted && planned.weightPlaces[gauges[index].output] != nil
      gauges[index].metric.update(
        target: view.target, prediction: view.prediction, sampleWeight: isWeighted ? view.weight : nil)
    }
  }

  /// Keeps the tensor's memory as long as batches have the same size and nobody else holds it.
  private func copy(_ from: UnsafePointer<Float>, _ rows: Int, _ sample: Shape, into tensor: inout Tensor) {
    if tensor.shape.rank != sample.rank + 1 || tensor.shape[0] != rows {
      tensor = Tensor.zeros(Shape([rows] + sample.dimensions))
    }
    let count = rows * sample.count
    tensor.withUnsafeMutableFloats { $0.baseAddress!.update(from: from, count: count) }
  }

  /// The values so far, in alphabetical order.
  var logs: Logs {
    var values = [("loss", loss.value)]
    for (name, mean) in zip(outputLossNames, outputLosses) { if let name { values.append((name, mean.value)) } }
    for gauge in gauges { values.append((gauge.name, gauge.metric.result)) }
    return Logs(values.sorted { $0.0 < $1.0 })
  }
}

extension Measure {
  /// What was added up so far.
  struct State: Codable {
    var loss: RunningMean
    var outputLosses: [RunningMean]
    /// For each metric its name, and what it has gathered.
    var metrics: [StoredMetric]
  }

  struct StoredMetric: Codable {
    var name: String
    var values: Data
  }

  var state: State {
    get throws {
      State(
        loss: loss, outputLosses: outputLosses,
        metrics: try gauges.map { StoredMetric(name: $0.name, values: try Self.data(of: $0.metric)) })
    }
  }

  /// Goes on from what was added up before.
  func restore(_ state: State) throws {
    guard state.outputLosses.count == outputLosses.count, state.metrics.map(\.name) == gauges.map(\.name) else {
      throw ModelError(
        .argument, "the backup measured \(state.metrics.map(\.name)), and this training measures \(gauges.map(\.name))")
    }
    let metrics = try zip(gauges, state.metrics).map { try Self.metric($0.metric, from: $1.values) }
    (loss, outputLosses) = (state.loss, state.outputLosses)
    for index in gauges.indices { gauges[index].metric = metrics[index] }
  }

  private static func data(of metric: any Metric) throws -> Data {
    if let metric = metric as? any LineMetric { return try Stored.data(metric.mean) }
    // A metric whose code stores its settings alone would begin anew in the middle of an epoch.
    if let codable = metric as? any Metric & Codable {
      let data = try Stored.data(codable)
      if try Self.metric(metric, from: data).result.bitPattern == metric.result.bitPattern { return data }
    }
    throw ModelError(
      .argument, at: "metric \"\(metric.name)\"",
      "cannot be backed up in the middle of an epoch. Make \(type(of: metric)) Codable with all that it has added up, or back up with saveFrequency: .epoch."
    )
  }

  private static func metric(_ metric: any Metric, from data: Data) throws -> any Metric {
    func decoded<Stored: Metric & Decodable>(_ type: Stored.Type) throws -> any Metric {
      let value: Stored = try DeepSwiftTraining.Stored.value(data)
      return value
    }
    if var line = metric as? any LineMetric {
      line.mean = try Stored.value(data)
      return line
    }
    guard let type = type(of: metric) as? any (Metric & Decodable).Type else { return metric }
    return try decoded(type)
  }
}
