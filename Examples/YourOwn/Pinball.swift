import DeepSwift

/// A loss whose smallest value is not at the mean of the targets but at one of their quantiles.
///
/// With `quantile` 0.9 a prediction that is too low costs nine times as much as one that is too high by the same amount.
/// So the predictions settle where nine of ten targets lie below them.
struct Pinball: Loss {
  var quantile: Float

  func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    let difference = target - prediction
    return maximum(quantile * difference, (quantile - 1) * difference)
  }
}
