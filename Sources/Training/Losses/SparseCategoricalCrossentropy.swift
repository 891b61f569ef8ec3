import DeepSwiftEngine

/// `-log p[class]`, with class numbers as targets.
///
/// Predictions `[…, classes]`, targets `[…]` or `[…, 1]`.
///
/// ```swift
/// // behind Dense(10, activation: .softmax)
/// try model.compile(
///   optimizer: .adam, loss: .sparseCategoricalCrossentropy)
/// // behind Dense(10)
/// try model.compile(
///   optimizer: .adam,
///   loss: .sparseCategoricalCrossentropy(fromLogits: true))
/// ```
public struct SparseCategoricalCrossentropy: Loss, Crossentropy, Codable {
  /// Whether predictions are logits rather than probabilities.
  public var fromLogits: Bool

  /// The loss with these settings.
  public init(fromLogits: Bool = false) {
    self.fromLogits = fromLogits
  }

  public var targets: TargetKind { .classes }

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    prediction.sparseCrossEntropy(labels: target, fromLogits: fromLogits)
  }
}

extension Loss where Self == SparseCategoricalCrossentropy {
  /// `-log p[class]`, with class numbers as targets.
  public static var sparseCategoricalCrossentropy: Self { Self() }
  /// `-log p[class]`, with class numbers as targets.
  public static func sparseCategoricalCrossentropy(fromLogits: Bool = false) -> Self {
    Self(fromLogits: fromLogits)
  }
}
