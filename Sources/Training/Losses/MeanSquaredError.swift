import DeepSwiftEngine

/// `(prediction - target)²`, for models that predict numbers: `compile(optimizer: .adam, loss: .meanSquaredError)`.
///
/// Predictions and targets have the same shape.
public struct MeanSquaredError: Loss, Codable {
  /// The loss, which has no settings.
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    square(prediction - target)
  }
}

extension Loss where Self == MeanSquaredError {
  /// `(prediction - target)²`
  public static var meanSquaredError: Self { Self() }
  /// `(prediction - target)²`
  public static var mse: Self { Self() }
}
