import DeepSwiftEngine

/// `(prediction - target)²`
public struct MeanSquaredError: Loss, Codable {
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    square(prediction - target)
  }
}

extension Loss where Self == MeanSquaredError {
  public static var meanSquaredError: Self { Self() }
  public static var mse: Self { Self() }
}
