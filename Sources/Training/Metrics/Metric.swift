import DeepSwiftEngine

/// A number that tells how good predictions are, added up over batches.
///
/// A metric is a state machine, never a mean of batch means: `update` takes what a batch shows, `result` is the value of all
/// batches since `reset`.
///
/// ```swift
/// struct ShareAbove: Metric {
///   let name = "share_above"
///   var above = 0.0, count = 0.0
///
///   mutating func update(target: Tensor, prediction: Tensor, sampleWeight: Tensor?) {
///     for (t, p) in zip(target.floats, prediction.floats) {
///       if p > t { above += 1 }
///       count += 1
///     }
///   }
///   var result: Double { count == 0 ? 0 : above / count }
///   mutating func reset() { (above, count) = (0, 0) }
/// }
/// ```
///
/// A metric that is `Codable` can be backed up in the middle of an epoch, see `BackupAndRestore`.
public protocol Metric {
  /// The key in `History`.
  var name: String { get }

  /// The targets that it can be measured with, so that others are refused before training begins. By default any.
  var targets: MetricTargets { get }

  /// Takes in one batch. Tensors have the batch axis; class numbers come as floats.
  mutating func update(target: Tensor, prediction: Tensor, sampleWeight: Tensor?)

  /// The value of all batches since the last `reset`.
  var result: Double { get }

  /// Forgets all batches.
  mutating func reset()
}

/// What a metric expects its targets to be.
public enum MetricTargets: Sendable {
  /// Whatever there is.
  case any
  /// A number for each number of the prediction.
  case values
  /// A whole number that names a place along the last axis of the prediction.
  case classes
}

extension Metric {
  public var targets: MetricTargets { .any }

  /// Takes in one batch whose samples count alike.
  public mutating func update(target: Tensor, prediction: Tensor) {
    update(target: target, prediction: prediction, sampleWeight: nil)
  }
}

/// A weighted mean that grows. It is no setting: stored with a metric, it begins anew, but in the backup of a training.
public struct RunningMean: Sendable, Codable {
  /// The sum of what was added, times its weights.
  public private(set) var total = 0.0
  /// The sum of the weights.
  public private(set) var count = 0.0

  /// A mean of nothing yet.
  public init() {}
  private enum Key: CodingKey { case total, count }

  public init(from decoder: any Decoder) throws {
    guard decoder.userInfo[.keepsProgress] != nil else { return }
    let values = try decoder.container(keyedBy: Key.self)
    total = try values.decode(Double.self, forKey: .total)
    count = try values.decode(Double.self, forKey: .count)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    guard encoder.userInfo[.keepsProgress] != nil else { return }
    try values.encode(total, forKey: .total)
    try values.encode(count, forKey: .count)
  }

  /// Adds a value.
  public mutating func add(_ value: Double, weight: Double = 1) {
    total += value * weight
    count += weight
  }

  /// 0 before anything was added, as in Keras.
  public var value: Double { count == 0 ? 0 : total / count }
}

/// A metric that is the mean of one value for each line of predictions: for each sample, or each place of it.
public protocol LineMetric: Metric {
  /// The mean so far.
  var mean: RunningMean { get set }

  /// The value of one line: `width` predictions along the last axis, and its target, one class number or a line as well.
  func value(target: UnsafeBufferPointer<Float>, prediction: UnsafeBufferPointer<Float>) -> Double
}

extension LineMetric {
  public mutating func update(target: Tensor, prediction: Tensor, sampleWeight: Tensor?) {
    let width = prediction.shape.rank > 1 ? prediction.shape.last : 1
    let lines = prediction.shape.count / width
    precondition(
      lines > 0 && target.shape.count % lines == 0 && [1, width].contains(target.shape.count / lines),
      "targets of shape \(target.shape) do not fit predictions of shape \(prediction.shape)")
    let targetWidth = target.shape.count / lines, linesPerSample = max(lines / max(prediction.shape[0], 1), 1)
    prediction.withUnsafeFloats { p in
      target.withUnsafeFloats { t in
        func add(_ weights: UnsafeBufferPointer<Float>?) {
          for line in 0..<lines {
            let value = value(
              target: UnsafeBufferPointer(rebasing: t[line * targetWidth..<(line + 1) * targetWidth]),
              prediction: UnsafeBufferPointer(rebasing: p[line * width..<(line + 1) * width]))
            mean.add(value, weight: weights.map { Double($0[line / linesPerSample]) } ?? 1)
          }
        }
        if let sampleWeight { sampleWeight.withUnsafeFloats { add($0) } } else { add(nil) }
      }
    }
  }

  /// The value of all batches since the last `reset`.
  public var result: Double { mean.value }
  /// Forgets all batches.
  public mutating func reset() { mean = RunningMean() }
}

extension UnsafeBufferPointer<Float> {
  /// The place of the largest number, the first of equal ones.
  var argmax: Int {
    var best = 0
    for i in 1..<Swift.max(count, 1) where self[i] > self[best] { best = i }
    return best
  }
}
