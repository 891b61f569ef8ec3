import DeepSwiftEngine

/// `log cosh(prediction - target)`: like `d² / 2` near 0, like `|d|` far away.
public struct LogCosh: Loss, Codable {
  /// The loss, which has no settings.
  public init() {}

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    let difference = prediction - target
    return difference + softplus(-2 * difference) - Float.log2
  }
}

extension Loss where Self == LogCosh {
  /// `log cosh(prediction - target)`: like `d² / 2` near 0, like `|d|` far away.
  public static var logCosh: Self { Self() }
}
