import DeepSwiftEngine

/// `-log p[class]`, with class numbers as targets.
///
/// Predictions `[…, classes]`, targets `[…]` or `[…, 1]`.
public struct SparseCategoricalCrossentropy: Loss, Crossentropy, Codable {
  public var fromLogits: Bool

  public init(fromLogits: Bool = false) {
    self.fromLogits = fromLogits
  }

  public var targets: TargetKind { .classes }

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    prediction.sparseCrossEntropy(labels: target, fromLogits: fromLogits)
  }
}

extension Loss where Self == SparseCategoricalCrossentropy {
  public static var sparseCategoricalCrossentropy: Self { Self() }
  public static func sparseCategoricalCrossentropy(fromLogits: Bool = false) -> Self {
    Self(fromLogits: fromLogits)
  }
}
