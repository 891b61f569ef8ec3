import DeepSwiftEngine

/// `(log(1 + target) - log(1 + prediction))²`, both at least 1e-7
public struct MeanSquaredLogarithmicError: Loss, Codable {
  /// The loss, which has no settings.
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    square(log(maximum(target, 1e-7) + 1) - log(maximum(prediction, 1e-7) + 1))
  }
}

extension Loss where Self == MeanSquaredLogarithmicError {
  /// `(log(1 + target) - log(1 + prediction))²`, both at least 1e-7
  public static var meanSquaredLogarithmicError: Self { Self() }
}
