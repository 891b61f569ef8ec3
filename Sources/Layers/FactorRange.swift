import DeepSwiftEngine

/// How much a random layer changes an image: `0.2` for anything from -0.2 to 0.2, `[-0.1, 0.3]` for anything between the two.
public struct FactorRange: Hashable, Sendable {
  /// The least and the largest change.
  public var lower, upper: Float

  /// Any change between the two.
  public init(_ lower: Float, _ upper: Float) { (self.lower, self.upper) = (min(lower, upper), max(lower, upper)) }

  /// The same in both directions.
  public init(_ both: Float) { self.init(-abs(both), abs(both)) }

  var range: ClosedRange<Float> { lower...upper }

  /// The number at a place of the range: `lower` at 0, `upper` at 1.
  func number(at place: Node) -> Node { place * (upper - lower) + lower }

  /// What is wrong with it, if anything.
  func fault(_ name: String, within limits: ClosedRange<Float>) -> String? {
    limits.contains(lower) && limits.contains(upper)
      ? nil
      : "\(name) lies between \(limits.lowerBound) and \(limits.upperBound), received [\(lower), \(upper)]"
  }
}

extension FactorRange: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  public init(floatLiteral both: Float) { self.init(both) }
  public init(integerLiteral both: Int) { self.init(Float(both)) }

  /// One number for both directions, or two.
  public init(arrayLiteral bounds: Float...) {
    // Any other count becomes a range that the layer refuses with its name.
    if bounds.count == 1 {
      self.init(bounds[0])
    } else if bounds.count == 2 {
      self.init(bounds[0], bounds[1])
    } else {
      self.init(.infinity)
    }
  }
}

/// As in Keras' files: one number, or a list of two.
extension FactorRange: Codable {
  public init(from decoder: any Decoder) throws {
    if let both = try? decoder.singleValueContainer().decode(Float.self) {
      self.init(both)
      return
    }
    let bounds = try decoder.singleValueContainer().decode([Float].self)
    guard bounds.count == 2 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "a factor is one number or two, received \(bounds.count)"))
    }
    self.init(bounds[0], bounds[1])
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode([lower, upper])
  }
}
