import DeepSwiftEngine

/// `-Σ target · prediction / (|target| |prediction|)` along the last axis: -1 where both point the same way.
public struct CosineSimilarity: Loss, Codable {
  /// The loss, which has no settings.
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    -(target.asUnit * prediction.asUnit).sum(axis: -1)
  }
}

extension Loss where Self == CosineSimilarity {
  /// `-Σ target · prediction / (|target| |prediction|)` along the last axis: -1 where both point the same way.
  public static var cosineSimilarity: Self { Self() }
}
