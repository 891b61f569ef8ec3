import DeepSwiftEngine

extension Node {
  /// This node, whose size a regularizer adds to the loss.
  func regularized(by regularizer: (any Regularizer)?, _ weights: Weights) -> Node {
    if let regularizer { weights.addLoss(regularizer(self)) }
    return self
  }
}
