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

/// All weights are 0.
public struct Zeros: Initializer {
  /// The initializer, which has no settings.
  public init() {}

  public func values(shape: Shape, random: RandomSource) -> [Float] { Array(repeating: 0, count: shape.count) }
}

/// All weights are 1.
public struct Ones: Initializer {
  /// The initializer, which has no settings.
  public init() {}

  public func values(shape: Shape, random: RandomSource) -> [Float] { Array(repeating: 1, count: shape.count) }
}

/// All weights have one value.
public struct Constant: Initializer {
  /// The value of all weights.
  public var value: Float

  /// All weights get this value.
  public init(_ value: Float) { self.value = value }

  public func values(shape: Shape, random: RandomSource) -> [Float] { Array(repeating: value, count: shape.count) }
}

/// `gain` on the diagonal of a matrix, zeros elsewhere. Other shapes are seen as the matrix `[all other axes, last axis]`.
public struct IdentityInitializer: Initializer {
  /// A factor of all values.
  public var gain: Float

  /// The initializer with these settings.
  public init(gain: Float = 1) { self.gain = gain }

  public func values(shape: Shape, random: RandomSource) -> [Float] {
    var values = [Float](repeating: 0, count: shape.count)
    let columns = shape.last
    for i in 0..<min(columns, shape.count / max(columns, 1)) { values[i * columns + i] = gain }
    return values
  }
}

extension Initializer where Self == Zeros {
  /// All weights are 0.
  public static var zeros: Zeros { Zeros() }
}
extension Initializer where Self == Ones {
  /// All weights are 1.
  public static var ones: Ones { Ones() }
}
extension Initializer where Self == Constant {
  /// All weights have this value.
  public static func constant(_ value: Float) -> Constant { Constant(value) }
}
extension Initializer where Self == IdentityInitializer {
  /// 1 on the diagonal, 0 elsewhere.
  public static var identity: IdentityInitializer { IdentityInitializer() }
  /// `gain` on the diagonal, 0 elsewhere.
  public static func identity(gain: Float) -> IdentityInitializer { IdentityInitializer(gain: gain) }
}
