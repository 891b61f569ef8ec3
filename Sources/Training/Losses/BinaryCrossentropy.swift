import DeepSwiftEngine

/// `-(t log p + (1 - t) log(1 - p))`, with targets from 0 to 1.
///
/// Label smoothing s makes the target `t (1 - s) + s / 2`.
///
/// ```swift
/// // behind Dense(1, activation: .sigmoid)
/// try model.compile(
///   optimizer: .adam, loss: .binaryCrossentropy,
///   metrics: [.binaryAccuracy])
/// ```
public struct BinaryCrossentropy: Loss, Crossentropy, Codable {
  /// Whether predictions are logits rather than probabilities.
  public var fromLogits: Bool
  /// How far targets are moved toward equal shares.
  public var labelSmoothing: Float

  /// The loss with these settings.
  public init(fromLogits: Bool = false, labelSmoothing: Float = 0) {
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
  }

  public var targets: TargetKind { .probabilities }

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    let smoothed = labelSmoothing == 0 ? target : target * (1 - labelSmoothing) + 0.5 * labelSmoothing
    return smoothed.binaryCrossEntropy(of: prediction, fromLogits: fromLogits)
  }
}

extension Loss where Self == BinaryCrossentropy {
  /// `-(t log p + (1 - t) log(1 - p))`, with targets from 0 to 1.
  public static var binaryCrossentropy: Self { Self() }
  /// `-(t log p + (1 - t) log(1 - p))`, with targets from 0 to 1.
  public static func binaryCrossentropy(fromLogits: Bool = false, labelSmoothing: Float = 0) -> Self {
    Self(fromLogits: fromLogits, labelSmoothing: labelSmoothing)
  }
}
