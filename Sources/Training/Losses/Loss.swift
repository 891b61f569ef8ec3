import DeepSwiftEngine

/// How wrong a prediction is, as an expression: one number for each element (or each place) of the prediction.
///
/// ```swift
/// struct Pinball: Loss {
///   var quantile: Float
///   func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
///     let difference = target - prediction
///     return maximum(quantile * difference, (quantile - 1) * difference)
///   }
/// }
/// ```
/// Training minimizes the mean over all elements and samples.
public protocol Loss {
  /// What the targets are, so that they can be checked before training begins.
  var targets: TargetKind { get }

  /// The loss for each element, or each place, of the prediction.
  func callAsFunction(_ target: Node, _ prediction: Node) -> Node
}

extension Loss {
  public var targets: TargetKind { .values }
}

/// A loss of probabilities, or of the logits that a softmax or a sigmoid would make them of.
protocol Crossentropy: Loss {
  var fromLogits: Bool { get }
}

/// What a loss expects its targets to be.
public enum TargetKind: Sendable {
  /// Any numbers, in the shape of the predictions.
  case values
  /// Numbers from 0 to 1, in the shape of the predictions.
  case probabilities
  /// Whole numbers that name a place along the last axis of the predictions.
  case classes
  /// A distribution over the classes for each prediction: one-hot, or numbers from 0 to 1, in the shape of the predictions.
  case distributions
}
