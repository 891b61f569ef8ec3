import DeepSwiftEngine

/// While training, turns about half of the images left to right, upside down, or both, each direction by its own chance.
///
/// In inference images stay as they are. Input and output `[height, width, channels]`.
public struct RandomFlip: Layer {
  /// Which sides are exchanged.
  public enum Mode: String, Codable, Sendable {
    /// Left and right, or top and bottom.
    case horizontal, vertical
    /// Each by a chance of its own.
    case horizontalAndVertical = "horizontal_and_vertical"
  }

  public var name: String?
  /// Which sides are exchanged.
  public var mode: Mode
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// The layer with these settings.
  public init(_ mode: Mode = .horizontalAndVertical, seed: UInt64? = nil, name: String? = nil) {
    self.name = name
    self.mode = mode
    self.seed = seed
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    if let fault = x.faultAsImage { return x.poisoned(fault) }
    // -1 where the image is turned, 1 where it is not: x' = sign · x, and moved back into its place.
    let draws = x.randomUniform(-1...1, shape: [2], key: weights.randomKey, seed: seed)
    let signs = select(draws .< 0, Node(-1), Node(1))
    let across = mode == .vertical ? Node(1) : signs.at(0), down = mode == .horizontal ? Node(1) : signs.at(1)
    return x.whileTraining(
      x.warped(by: x.scaling(across: across, down: down), interpolation: .nearest, fillMode: .nearest))
  }
}

extension Node {
  /// The map that looks up each pixel of an image so many times as far from the image's middle.
  func scaling(across: Node, down: Node) -> Node {
    let zero = Node(0)
    return Node.map([
      across, zero, (1 - across) * (Float(shape[1] - 1) / 2),
      zero, down, (1 - down) * (Float(shape[0] - 1) / 2),
    ])
  }

  /// Six numbers as one node.
  static func map(_ numbers: [Node]) -> Node { concatenate(numbers.map { $0.reshaped([1]) }, axis: 0) }
}
