import DeepSwiftEngine

/// `|prediction - target|`
public struct MeanAbsoluteError: Loss, Codable {
  /// The loss, which has no settings.
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    abs(prediction - target)
  }
}

extension Loss where Self == MeanAbsoluteError {
  /// `|prediction - target|`
  public static var meanAbsoluteError: Self { Self() }
  /// `|prediction - target|`
  public static var mae: Self { Self() }
}
