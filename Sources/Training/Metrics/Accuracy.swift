import DeepSwiftEngine

/// How often a prediction is right. What that means follows from the shapes, as in Keras: one number per line is compared
/// with 0.5; class numbers name the largest of several; one-hot targets have their largest in the same place.
public struct Accuracy: LineMetric, Codable {
  public let name: String
  /// The mean so far.
  public var mean = RunningMean()

  /// The share of right predictions, under this name.
  public init(name: String = "accuracy") { self.name = name }

  public func value(target: UnsafeBufferPointer<Float>, prediction: UnsafeBufferPointer<Float>) -> Double {
    if prediction.count == 1 { return (prediction[0] > 0.5) == (target[0] > 0.5) ? 1 : 0 }
    if target.count == 1 { return Float(prediction.argmax) == target[0] ? 1 : 0 }
    return prediction.argmax == target.argmax ? 1 : 0
  }
}

/// The share of predictions on the right side of a threshold.
public struct BinaryAccuracy: LineMetric, Codable {
  public let name: String
  /// Predictions above it stand for 1.
  public var threshold: Float
  public var targets: MetricTargets { .values }
  /// The mean so far.
  public var mean = RunningMean()

  /// The metric with these settings, under this name.
  public init(threshold: Float = 0.5, name: String = "binary_accuracy") {
    self.threshold = threshold
    self.name = name
  }

  public func value(target: UnsafeBufferPointer<Float>, prediction: UnsafeBufferPointer<Float>) -> Double {
    let hits = prediction.indices.reduce(0) { $0 + (target[$1] == (prediction[$1] > threshold ? 1 : 0) ? 1 : 0) }
    return Double(hits) / Double(prediction.count)
  }
}

/// How often the largest prediction stands where the one-hot target has its largest number.
public struct CategoricalAccuracy: LineMetric, Codable {
  public let name: String
  public var targets: MetricTargets { .values }
  /// The mean so far.
  public var mean = RunningMean()

  /// The metric with these settings, under this name.
  public init(name: String = "categorical_accuracy") { self.name = name }

  public func value(target: UnsafeBufferPointer<Float>, prediction: UnsafeBufferPointer<Float>) -> Double {
    prediction.argmax == target.argmax ? 1 : 0
  }
}

/// How often the largest prediction is that of the class.
public struct SparseCategoricalAccuracy: LineMetric, Codable {
  public let name: String
  public var targets: MetricTargets { .classes }
  /// The mean so far.
  public var mean = RunningMean()

  /// The metric with these settings, under this name.
  public init(name: String = "sparse_categorical_accuracy") { self.name = name }

  public func value(target: UnsafeBufferPointer<Float>, prediction: UnsafeBufferPointer<Float>) -> Double {
    Float(prediction.argmax) == target[0] ? 1 : 0
  }
}

/// How often the right class is among the `k` with the largest predictions, for class numbers and one-hot targets alike.
public struct TopKAccuracy: LineMetric, Codable {
  public let name: String
  /// Among how many predictions the class must be.
  public var k: Int
  /// The mean so far.
  public var mean = RunningMean()

  /// The metric with these settings, under this name.
  public init(_ k: Int = 5, name: String = "top_k_categorical_accuracy") {
    self.k = k
    self.name = name
  }

  public func value(target: UnsafeBufferPointer<Float>, prediction: UnsafeBufferPointer<Float>) -> Double {
    let label = target.count == 1 && prediction.count > 1 ? Int(exactly: target[0]) ?? -1 : target.argmax
    guard prediction.indices.contains(label), prediction[label].isFinite else { return 0 }
    return prediction.reduce(0) { $0 + ($1 > prediction[label] ? 1 : 0) } < k ? 1 : 0
  }
}

extension Metric where Self == Accuracy {
  /// The share of right predictions; what that means follows from the shapes.
  public static var accuracy: Self { Self() }
}

extension Metric where Self == BinaryAccuracy {
  /// The share on the right side of 0.5.
  public static var binaryAccuracy: Self { Self() }
  /// The share on the right side of the threshold.
  public static func binaryAccuracy(threshold: Float) -> Self { Self(threshold: threshold) }
}

extension Metric where Self == CategoricalAccuracy {
  /// The share of right predictions, for one-hot targets.
  public static var categoricalAccuracy: Self { Self() }
}

extension Metric where Self == SparseCategoricalAccuracy {
  /// The share of right predictions, for class numbers.
  public static var sparseCategoricalAccuracy: Self { Self() }
}

extension Metric where Self == TopKAccuracy {
  /// How often the class is among the five largest predictions.
  public static var topK: Self { Self() }
  /// How often the class is among the `k` largest predictions.
  public static func topK(_ k: Int) -> Self { Self(k) }
}
