// Functions of one number, applied to each element.

/// e to the power of each element.
public func exp(_ x: Node) -> Node { Node(UnaryOp(.exp), [x]) }
/// The natural logarithm of each element.
public func log(_ x: Node) -> Node { Node(UnaryOp(.log), [x]) }
/// `log(1 + x)`, exact for small `x`.
public func log1p(_ x: Node) -> Node { Node(UnaryOp(.log1p), [x]) }
/// `exp(x) - 1`, exact for small `x`.
public func expm1(_ x: Node) -> Node { Node(UnaryOp(.expm1), [x]) }
/// The square root of each element.
public func sqrt(_ x: Node) -> Node { Node(UnaryOp(.squareRoot), [x]) }
/// Each element without its sign.
public func abs(_ x: Node) -> Node { Node(UnaryOp(.absolute), [x]) }
/// `x · x`.
public func square(_ x: Node) -> Node { Node(UnaryOp(.square), [x]) }
/// `1 / x`.
public func reciprocal(_ x: Node) -> Node { Node(UnaryOp(.reciprocal), [x]) }
/// -1, 0 or 1.
public func sign(_ x: Node) -> Node { Node(UnaryOp(.sign), [x]) }
/// The error function.
public func erf(_ x: Node) -> Node { Node(UnaryOp(.erf), [x]) }
/// The sine.
public func sin(_ x: Node) -> Node { Node(UnaryOp(.sine), [x]) }
/// The cosine.
public func cos(_ x: Node) -> Node { Node(UnaryOp(.cosine), [x]) }
/// The largest whole number that is not above `x`.
public func floor(_ x: Node) -> Node { Node(UnaryOp(.floor), [x]) }
/// The nearest whole number; halves go to the even one.
public func round(_ x: Node) -> Node { Node(UnaryOp(.round), [x]) }
/// `max(x, 0)`
public func relu(_ x: Node) -> Node { Node(UnaryOp(.relu), [x]) }
/// `1 / (1 + exp(-x))`
public func sigmoid(_ x: Node) -> Node { Node(UnaryOp(.sigmoid), [x]) }
/// The hyperbolic tangent of each element.
public func tanh(_ x: Node) -> Node { Node(UnaryOp(.tanh), [x]) }
/// `log(1 + exp(x))`, without overflow
public func softplus(_ x: Node) -> Node { Node(UnaryOp(.softplus), [x]) }

/// `exp(x) / Σ exp(x)` along an axis of a sample.
public func softmax(_ x: Node, axis: Int = -1) -> Node { x.along(axis) { Node(SoftmaxOp(), [$0]) } }
/// `log(softmax(x))`, exact also where the softmax is very small.
public func logSoftmax(_ x: Node, axis: Int = -1) -> Node { x.along(axis) { Node(LogSoftmaxOp(), [$0]) } }

/// `x`, but no gradient goes back through it.
public func stopGradient(_ x: Node) -> Node { Node(StopGradientOp(), [x]) }

extension Node {
  /// Applies what works on the last axis to another one.
  fileprivate func along(_ axis: Int, _ body: (Node) -> Node) -> Node {
    guard let axis = shape.normalized(axis: axis) else {
      return Node(poisoned: error ?? ModelError(.shape, "axis \(axis) does not exist in shape \(shape)"), shape: shape)
    }
    if axis == shape.rank - 1 { return body(self) }
    var order = Array(0..<shape.rank)
    order.swapAt(axis, shape.rank - 1)
    return body(transposed(order)).transposed(order)
  }
}
