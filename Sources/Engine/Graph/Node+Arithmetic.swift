// Arithmetic of expressions. Two nodes are matched by NumPy's rules of broadcasting, axis by axis of one sample.

extension Node {
  public static func + (a: Node, b: Node) -> Node { Node(BinaryOp(.add), [a, b]) }
  public static func - (a: Node, b: Node) -> Node { Node(BinaryOp(.subtract), [a, b]) }
  public static func * (a: Node, b: Node) -> Node { Node(BinaryOp(.multiply), [a, b]) }
  public static func / (a: Node, b: Node) -> Node { Node(BinaryOp(.divide), [a, b]) }

  public static func + (a: Node, b: Float) -> Node { Node(AffineOp(scale: 1, offset: b), [a]) }
  public static func + (a: Float, b: Node) -> Node { b + a }
  public static func - (a: Node, b: Float) -> Node { Node(AffineOp(scale: 1, offset: -b), [a]) }
  public static func - (a: Float, b: Node) -> Node { Node(AffineOp(scale: -1, offset: a), [b]) }
  public static func * (a: Node, b: Float) -> Node { Node(AffineOp(scale: b, offset: 0), [a]) }
  public static func * (a: Float, b: Node) -> Node { b * a }
  public static func / (a: Node, b: Float) -> Node { Node(AffineOp(scale: 1 / b, offset: 0), [a]) }
  public static func / (a: Float, b: Node) -> Node { reciprocal(b) * a }
  public static prefix func - (a: Node) -> Node { Node(AffineOp(scale: -1, offset: 0), [a]) }

  /// `self · scale + offset` with numbers that never change.
  public func scaled(by scale: Float, offset: Float = 0) -> Node { Node(AffineOp(scale: scale, offset: offset), [self]) }

  // Comparisons give 1 where they hold and 0 elsewhere. Nothing flows back through them.
  public static func .< (a: Node, b: Node) -> Node { Node(BinaryOp(.less), [a, b]) }
  public static func .<= (a: Node, b: Node) -> Node { Node(BinaryOp(.lessOrEqual), [a, b]) }
  public static func .> (a: Node, b: Node) -> Node { Node(BinaryOp(.greater), [a, b]) }
  public static func .>= (a: Node, b: Node) -> Node { Node(BinaryOp(.greaterOrEqual), [a, b]) }
  public static func .== (a: Node, b: Node) -> Node { Node(BinaryOp(.equal), [a, b]) }
  public static func .!= (a: Node, b: Node) -> Node { Node(BinaryOp(.notEqual), [a, b]) }
  public static func .< (a: Node, b: Float) -> Node { a .< Node(b) }
  public static func .<= (a: Node, b: Float) -> Node { a .<= Node(b) }
  public static func .> (a: Node, b: Float) -> Node { a .> Node(b) }
  public static func .>= (a: Node, b: Float) -> Node { a .>= Node(b) }
  public static func .== (a: Node, b: Float) -> Node { a .== Node(b) }
  public static func .!= (a: Node, b: Float) -> Node { a .!= Node(b) }

  /// A number that never changes.
  public convenience init(_ value: Float) { self.init(ConstantOp(values: [value], dimensions: [])) }

  /// Numbers that never change, the same for every sample.
  public convenience init(_ values: Tensor) {
    self.init(ConstantOp(values: values.floats, dimensions: values.shape))
  }
}

public func maximum(_ a: Node, _ b: Node) -> Node { Node(BinaryOp(.maximum), [a, b]) }
public func maximum(_ a: Node, _ b: Float) -> Node { maximum(a, Node(b)) }
public func maximum(_ a: Float, _ b: Node) -> Node { maximum(b, Node(a)) }
public func minimum(_ a: Node, _ b: Node) -> Node { Node(BinaryOp(.minimum), [a, b]) }
public func minimum(_ a: Node, _ b: Float) -> Node { minimum(a, Node(b)) }
public func minimum(_ a: Float, _ b: Node) -> Node { minimum(b, Node(a)) }
public func pow(_ a: Node, _ b: Node) -> Node { Node(BinaryOp(.power), [a, b]) }
public func pow(_ a: Node, _ b: Float) -> Node { b == 2 ? square(a) : pow(a, Node(b)) }

/// `yes` where `condition` is not 0, `no` elsewhere. Gradients go only where the values came from.
public func select(_ condition: Node, _ yes: Node, _ no: Node) -> Node { Node(SelectOp(), [condition, yes, no]) }

/// `x`, cut off below `low` and above `high`.
public func clip(_ x: Node, _ low: Float, _ high: Float) -> Node { minimum(maximum(x, low), high) }
