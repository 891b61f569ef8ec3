import DeepSwiftEngine

/// `prediction - target · log(prediction)`
public struct Poisson: Loss, Codable {
  /// The loss, which has no settings.
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    prediction - target * log(prediction + 1e-7)
  }
}

extension Loss where Self == Poisson {
  /// `prediction - target · log(prediction)`
  public static var poisson: Self { Self() }
}
