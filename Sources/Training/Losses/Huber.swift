import DeepSwiftEngine

/// `d² / 2` for differences up to `delta`, `delta · |d| - delta² / 2` beyond.
public struct Huber: Loss, Codable {
  /// Where the loss turns from squared to linear.
  public var delta: Float

  /// The loss with these settings.
  public init(delta: Float = 1) {
    self.delta = delta
  }

  public func callAsFunction(_ target: Node, _ prediction: Node) -> Node {
    let distance = abs(prediction - target), near = minimum(distance, delta)
    return 0.5 * square(near) + delta * (distance - near)
  }
}

extension Loss where Self == Huber {
  /// `d² / 2` for differences up to `delta`, `delta · |d| - delta² / 2` beyond.
  public static var huber: Self { Self() }
  /// `d² / 2` for differences up to `delta`, `delta · |d| - delta² / 2` beyond.
  public static func huber(delta: Float = 1) -> Self {
    Self(delta: delta)
  }
}
