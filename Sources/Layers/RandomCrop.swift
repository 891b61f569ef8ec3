import DeepSwiftEngine

/// While training, cuts a window out of each image at a place of its own; in inference the one in the middle.
///
/// An image that is smaller than the window is resized, after as little as possible was cut off to get the window's proportions.
///
/// Input `[height, width, channels]`, output `[self.height, self.width, channels]`.
public struct RandomCrop: Layer {
  public var name: String?
  /// The height of the part.
  public var height: Int
  /// The width of the part.
  public var width: Int
  /// Makes the random numbers repeatable; without it they follow from the model's seed.
  public var seed: UInt64?

  /// The layer with these settings.
  public init(_ height: Int, _ width: Int, seed: UInt64? = nil, name: String? = nil) {
    self.name = name
    self.height = height
    self.width = width
    self.seed = seed
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    let middle = x.croppedToCenter(height, width)
    guard middle.error == nil else { return middle }
    let (rows, columns) = (x.shape[0] - height, x.shape[1] - width)
    guard rows >= 0, columns >= 0, rows + columns > 0 else { return middle }
    // From 0 to the number of places below it, each equally often; the last pixel of the range is never drawn.
    let draws = x.randomUniform(0...1, shape: [2], key: weights.randomKey, seed: seed)
    let top = floor(draws.at(0) * Float(rows + 1)), left = floor(draws.at(1) * Float(columns + 1))
    let map = x.translation(across: -left, down: -top)
    return middle.whileTraining(x.warped(by: map, size: (height, width), interpolation: .nearest, fillMode: .nearest))
  }
}
