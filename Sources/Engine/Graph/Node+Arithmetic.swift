// Arithmetic of expressions. Two nodes are matched by NumPy's rules of broadcasting, axis by axis of one sample.

extension Node {
  /// The sum, element by element; shapes are broadcast.
  public static func + (a: Node, b: Node) -> Node { Node(BinaryOp(.add), [a, b]) }
  /// The difference, element by element; shapes are broadcast.
  public static func - (a: Node, b: Node) -> Node { Node(BinaryOp(.subtract), [a, b]) }
  /// The product, element by element; shapes are broadcast.
  public static func * (a: Node, b: Node) -> Node { Node(BinaryOp(.multiply), [a, b]) }
  /// The quotient, element by element; shapes are broadcast.
  public static func / (a: Node, b: Node) -> Node { Node(BinaryOp(.divide), [a, b]) }

  /// The sum, element by element; shapes are broadcast.
  public static func + (a: Node, b: Float) -> Node { Node(AffineOp(scale: 1, offset: b), [a]) }
  /// The sum, element by element; shapes are broadcast.
  public static func + (a: Float, b: Node) -> Node { b + a }
  /// The difference, element by element; shapes are broadcast.
  public static func - (a: Node, b: Float) -> Node { Node(AffineOp(scale: 1, offset: -b), [a]) }
  /// The difference, element by element; shapes are broadcast.
  public static func - (a: Float, b: Node) -> Node { Node(AffineOp(scale: -1, offset: a), [b]) }
  /// The product, element by element; shapes are broadcast.
  public static func * (a: Node, b: Float) -> Node { Node(AffineOp(scale: b, offset: 0), [a]) }
  /// The product, element by element; shapes are broadcast.
  public static func * (a: Float, b: Node) -> Node { b * a }
  /// The quotient, element by element; shapes are broadcast.
  public static func / (a: Node, b: Float) -> Node { Node(AffineOp(scale: 1 / b, offset: 0), [a]) }
  /// The quotient, element by element; shapes are broadcast.
  public static func / (a: Float, b: Node) -> Node { reciprocal(b) * a }
  /// Each element with the other sign.
  public static prefix func - (a: Node) -> Node { Node(AffineOp(scale: -1, offset: 0), [a]) }

  /// `self · scale + offset` with numbers that never change.
  public func scaled(by scale: Float, offset: Float = 0) -> Node { Node(AffineOp(scale: scale, offset: offset), [self]) }

  // Comparisons give 1 where they hold and 0 elsewhere. Nothing flows back through them.
  /// 1 where the left element is less, 0 elsewhere.
  public static func .< (a: Node, b: Node) -> Node { Node(BinaryOp(.less), [a, b]) }
  /// 1 where the left element is not more, 0 elsewhere.
  public static func .<= (a: Node, b: Node) -> Node { Node(BinaryOp(.lessOrEqual), [a, b]) }
  /// 1 where the left element is more, 0 elsewhere.
  public static func .> (a: Node, b: Node) -> Node { Node(BinaryOp(.greater), [a, b]) }
  /// 1 where the left element is not less, 0 elsewhere.
  public static func .>= (a: Node, b: Node) -> Node { Node(BinaryOp(.greaterOrEqual), [a, b]) }
  /// 1 where the left element is equal, 0 elsewhere.
  public static func .== (a: Node, b: Node) -> Node { Node(BinaryOp(.equal), [a, b]) }
  /// 1 where the left element is not equal, 0 elsewhere.
  public static func .!= (a: Node, b: Node) -> Node { Node(BinaryOp(.notEqual), [a, b]) }
  /// 1 where the left element is less, 0 elsewhere.
  public static func .< (a: Node, b: Float) -> Node { a .< Node(b) }
  /// 1 where the left element is not more, 0 elsewhere.
  public static func .<= (a: Node, b: Float) -> Node { a .<= Node(b) }
  /// 1 where the left element is more, 0 elsewhere.
  public static func .> (a: Node, b: Float) -> Node { a .> Node(b) }
  /// 1 where the left element is not less, 0 elsewhere.
  public static func .>= (a: Node, b: Float) -> Node { a .>= Node(b) }
  /// 1 where the left element is equal, 0 elsewhere.
  public static func .== (a: Node, b: Float) -> Node { a .== Node(b) }
  /// 1 where the left element is not equal, 0 elsewhere.
  public static func .!= (a: Node, b: Float) -> Node { a .!= Node(b) }

  /// A number that never changes.
  public convenience init(_ value: Float) { self.init(ConstantOp(values: [value], dimensions: [])) }

  /// Numbers that never change, the same for every sample.
  public convenience init(_ values: Tensor) {
    self.init(ConstantOp(values: values.floats, dimensions: values.shape))
  }
}

/// The larger of two, element by element.
public func maximum(_ a: Node, _ b: Node) -> Node { Node(BinaryOp(.maximum), [a, b]) }
/// The larger of two, element by element.
public func maximum(_ a: Node, _ b: Float) -> Node { maximum(a, Node(b)) }
/// The larger of two, element by element.
public func maximum(_ a: Float, _ b: Node) -> Node { maximum(b, Node(a)) }
/// The smaller of two, element by element.
public func minimum(_ a: Node, _ b: Node) -> Node { Node(BinaryOp(.minimum), [a, b]) }
/// The smaller of two, element by element.
public func minimum(_ a: Node, _ b: Float) -> Node { minimum(a, Node(b)) }
/// The smaller of two, element by element.
public func minimum(_ a: Float, _ b: Node) -> Node { minimum(b, Node(a)) }
/// `x` to a power, element by element.
public func pow(_ a: Node, _ b: Node) -> Node { Node(BinaryOp(.power), [a, b]) }
/// `x` to a power, element by element.
public func pow(_ a: Node, _ b: Float) -> Node { b == 2 ? square(a) : pow(a, Node(b)) }

/// `yes` where `condition` is not 0, `no` elsewhere. Gradients go only where the values came from.
public func select(_ condition: Node, _ yes: Node, _ no: Node) -> Node { Node(SelectOp(), [condition, yes, no]) }

/// `x`, cut off below `low` and above `high`.
public func clip(_ x: Node, _ low: Float, _ high: Float) -> Node { minimum(maximum(x, low), high) }
