import DeepSwiftEngine

/// `|prediction - target|`
public struct MeanAbsoluteError: Loss, Codable {
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    abs(prediction - target)
  }
}

extension Loss where Self == MeanAbsoluteError {
  public static var meanAbsoluteError: Self { Self() }
  public static var mae: Self { Self() }
}
