/// A rule for the first values of a weight.
///
/// One's own is a struct with one function:
///
///     struct Ramp: Initializer {
///       func values(shape: Shape, random: RandomSource) -> [Float] { (0..<shape.count).map { Float($0) } }
///     }
public protocol Initializer: Codable, Sendable {
  /// As many values as `shape` has elements, in row-major order. What is random follows from `random` alone, which is
  /// keyed by the model's seed and the weight's name.
  func values(shape: Shape, random: RandomSource) -> [Float]
}

public struct Zeros: Initializer {
  public init() {}

  public func values(shape: Shape, random: RandomSource) -> [Float] { Array(repeating: 0, count: shape.count) }
}

public struct Ones: Initializer {
  public init() {}

  public func values(shape: Shape, random: RandomSource) -> [Float] { Array(repeating: 1, count: shape.count) }
}

public struct Constant: Initializer {
  public var value: Float

  public init(_ value: Float) { self.value = value }

  public func values(shape: Shape, random: RandomSource) -> [Float] { Array(repeating: value, count: shape.count) }
}

/// `gain` on the diagonal of a matrix, zeros elsewhere. Other shapes are seen as the matrix `[all other axes, last axis]`.
public struct IdentityInitializer: Initializer {
  public var gain: Float

  public init(gain: Float = 1) { self.gain = gain }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    var values = [Float](repeating: 0, count: shape.count)
    let columns = shape.last
    for i in 0..<min(columns, shape.count / max(columns, 1)) { values[i * columns + i] = gain }
    return values
  }
}

extension Initializer where Self == Zeros { public static var zeros: Zeros { Zeros() } }
extension Initializer where Self == Ones { public static var ones: Ones { Ones() } }
extension Initializer where Self == Constant {
  public static func constant(_ value: Float) -> Constant { Constant(value) }
}
extension Initializer where Self == IdentityInitializer {
  public static var identity: IdentityInitializer { IdentityInitializer() }
  public static func identity(gain: Float) -> IdentityInitializer { IdentityInitializer(gain: gain) }
}
