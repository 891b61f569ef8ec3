/// Adds a term to the loss that grows with the size of a weight.
///
/// ```swift
/// struct Sparse: Regularizer {
///   func callAsFunction(_ w: Node) -> Node { 0.01 * sqrt(abs(w)).sum() }
/// }
/// ```
public protocol Regularizer: Codable, Sendable {
  /// The penalty for a weight: a single number.
  func callAsFunction(_ weight: Node) -> Node
}

/// `l1 · Σ|w|`
public struct L1: Regularizer {
  /// The factor of `Σ|w|`.
  public var l1: Float
  /// With this factor.
  public init(_ l1: Float = 0.01) { self.l1 = l1 }
  public func callAsFunction(_ weight: Node) -> Node { weight.penalty(l1: l1, l2: 0) }
}

/// `l2 · Σw²`
public struct L2: Regularizer {
  /// The factor of `Σw²`.
  public var l2: Float
  /// With this factor.
  public init(_ l2: Float = 0.01) { self.l2 = l2 }
  public func callAsFunction(_ weight: Node) -> Node { weight.penalty(l1: 0, l2: l2) }
}

/// `l1 · Σ|w| + l2 · Σw²`
public struct L1L2: Regularizer {
  /// The factors of `Σ|w|` and of `Σw²`.
  public var l1, l2: Float
  /// With these factors.
  public init(l1: Float = 0, l2: Float = 0) { (self.l1, self.l2) = (l1, l2) }
  public func callAsFunction(_ weight: Node) -> Node { weight.penalty(l1: l1, l2: l2) }
}

extension Regularizer where Self == L1 {
  /// `0.01 · Σ|w|`.
  public static var l1: L1 { L1() }
  /// `l1 · Σ|w|`.
  public static func l1(_ l1: Float) -> L1 { L1(l1) }
}

extension Regularizer where Self == L2 {
  /// `0.01 · Σw²`.
  public static var l2: L2 { L2() }
  /// `l2 · Σw²`.
  public static func l2(_ l2: Float) -> L2 { L2(l2) }
}

extension Regularizer where Self == L1L2 {
  /// `l1 · Σ|w| + l2 · Σw²`.
  public static func l1l2(l1: Float = 0, l2: Float = 0) -> L1L2 { L1L2(l1: l1, l2: l2) }
}
