import DeepSwiftEngine

/// `-Σ target · log p`, with one-hot targets or distributions.
///
/// Predictions and targets `[…, classes]`. Label smoothing s makes the target `t (1 - s) + s / classes`.
///
/// ```swift
/// try model.compile(
///   optimizer: .adam, loss: .categoricalCrossentropy)
/// try model.fit(x, labels.oneHot(classes: 10))
/// ```
public struct CategoricalCrossentropy: Loss, Crossentropy, Codable {
  /// Whether predictions are logits rather than probabilities.
  public var fromLogits: Bool
  /// How far targets are moved toward equal shares.
  public var labelSmoothing: Float

  /// The loss with these settings.
  public init(fromLogits: Bool = false, labelSmoothing: Float = 0) {
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
  }

  public var targets: TargetKind { .distributions }

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    let smoothed =
      labelSmoothing == 0 ? target : target * (1 - labelSmoothing) + labelSmoothing / Float(prediction.shape.last)
    return smoothed.crossEntropy(of: prediction, fromLogits: fromLogits)
  }
}

extension Loss where Self == CategoricalCrossentropy {
  /// `-Σ target · log p`, with one-hot targets or distributions.
  public static var categoricalCrossentropy: Self { Self() }
  /// `-Σ target · log p`, with one-hot targets or distributions.
  public static func categoricalCrossentropy(fromLogits: Bool = false, labelSmoothing: Float = 0) -> Self {
    Self(fromLogits: fromLogits, labelSmoothing: labelSmoothing)
  }
}
