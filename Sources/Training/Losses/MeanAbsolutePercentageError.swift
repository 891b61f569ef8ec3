import DeepSwiftEngine

/// `100 · |target - prediction| / |target|`, with a divisor of at least 1e-7
public struct MeanAbsolutePercentageError: Loss, Codable {
  /// The loss, which has no settings.
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    100 * abs((target - prediction) / maximum(abs(target), 1e-7))
  }
}

extension Loss where Self == MeanAbsolutePercentageError {
  /// `100 · |target - prediction| / |target|`, with a divisor of at least 1e-7
  public static var meanAbsolutePercentageError: Self { Self() }
}
