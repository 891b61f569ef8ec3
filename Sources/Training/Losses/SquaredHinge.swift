import DeepSwiftEngine

/// `max(1 - target · prediction, 0)²`; targets are -1 or 1, and 0 counts as -1.
public struct SquaredHinge: Loss, Codable {
  /// The loss, which has no settings.
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    square(maximum(1 - target.asSigns * prediction, 0))
  }
}

extension Loss where Self == SquaredHinge {
  /// `max(1 - target · prediction, 0)²`; targets are -1 or 1, and 0 counts as -1.
  public static var squaredHinge: Self { Self() }
}
