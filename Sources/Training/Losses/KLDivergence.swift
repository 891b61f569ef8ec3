import DeepSwiftEngine

/// `Σ target · log(target / prediction)`, both cut to 1e-7...1
public struct KLDivergence: Loss, Codable {
  /// The loss, which has no settings.
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    let t = clip(target, 1e-7, 1), p = clip(prediction, 1e-7, 1)
    return (t * log(t / p)).sum(axis: -1)
  }
}

extension Loss where Self == KLDivergence {
  /// `Σ target · log(target / prediction)`, both cut to 1e-7...1
  public static var klDivergence: Self { Self() }
}
