import DeepSwiftEngine

/// `max(1 + max((1 - target) · prediction) - Σ target · prediction, 0)`
public struct CategoricalHinge: Loss, Codable {
  /// The loss, which has no settings.
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    let right = (target * prediction).sum(axis: -1), wrong = ((1 - target) * prediction).max(axis: -1)
    return maximum(wrong - right + 1, 0)
  }
}

extension Loss where Self == CategoricalHinge {
  /// `max(1 + max((1 - target) · prediction) - Σ target · prediction, 0)`
  public static var categoricalHinge: Self { Self() }
}
