import DeepSwiftEngine

/// The mean of a function of the difference between prediction and target.
public struct MeanError: LineMetric {
  public private(set) var name: String
  /// Keras' name of what is measured, whatever this is called.
  package let function: String
  public var targets: MetricTargets { .values }
  /// The mean so far.
  public var mean = RunningMean()
  private let error: @Sendable (_ target: Float, _ prediction: Float) -> Float
  private let isRooted: Bool

  init(_ function: String, isRooted: Bool = false, _ error: @escaping @Sendable (Float, Float) -> Float) {
    name = function
    self.function = function
    self.error = error
    self.isRooted = isRooted
  }

  /// The same under another name.
  package func named(_ name: String) -> MeanError {
    var copy = self
    copy.name = name
    return copy
  }

  /// All of them by Keras' names.
  package static var known: [MeanError] {
    [
      .meanSquaredError, .mse, .meanAbsoluteError, .mae, .rootMeanSquaredError, .meanAbsolutePercentageError,
      meanAbsolutePercentageError.named("mape"),
    ]
  }

  public func value(target: UnsafeBufferPointer<Float>, prediction: UnsafeBufferPointer<Float>) -> Double {
    var sum = 0.0
    for i in prediction.indices { sum += Double(error(target[i], prediction[i])) }
    return sum / Double(prediction.count)
  }

  /// The mean, or its root.
  public var result: Double { isRooted ? mean.value.squareRoot() : mean.value }
}

extension Metric where Self == MeanError {
  /// The mean of `(prediction - target)²`.
  public static var meanSquaredError: Self { MeanError("mean_squared_error") { ($1 - $0) * ($1 - $0) } }
  /// The same under the name `mse`.
  public static var mse: Self { meanSquaredError.named("mse") }
  /// The mean of `|prediction - target|`.
  public static var meanAbsoluteError: Self { MeanError("mean_absolute_error") { ($1 - $0).magnitude } }
  /// The same under the name `mae`.
  public static var mae: Self { meanAbsoluteError.named("mae") }
  /// The root of the mean of `(prediction - target)²`.
  public static var rootMeanSquaredError: Self {
    MeanError("root_mean_squared_error", isRooted: true) { ($1 - $0) * ($1 - $0) }
  }
  /// The mean of `100 · |prediction - target| / |target|`.
  public static var meanAbsolutePercentageError: Self {
    MeanError("mean_absolute_percentage_error") { 100 * ($1 - $0).magnitude / max($0.magnitude, 1e-7) }
  }
}
