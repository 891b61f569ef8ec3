import DeepSwiftEngine

/// `max(1 - target · prediction, 0)`; targets are -1 or 1, and 0 counts as -1.
public struct Hinge: Loss, Codable {
  /// The loss, which has no settings.
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    maximum(1 - target.asSigns * prediction, 0)
  }
}

extension Loss where Self == Hinge {
  /// `max(1 - target · prediction, 0)`; targets are -1 or 1, and 0 counts as -1.
  public static var hinge: Self { Self() }
}
