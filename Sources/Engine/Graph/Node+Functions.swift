// Functions of one number, applied to each element.

public func exp(_ x: Node) -> Node { Node(Unary(.exp), [x]) }
public func log(_ x: Node) -> Node { Node(Unary(.log), [x]) }
public func log1p(_ x: Node) -> Node { Node(Unary(.log1p), [x]) }
public func expm1(_ x: Node) -> Node { Node(Unary(.expm1), [x]) }
public func sqrt(_ x: Node) -> Node { Node(Unary(.squareRoot), [x]) }
public func abs(_ x: Node) -> Node { Node(Unary(.absolute), [x]) }
public func square(_ x: Node) -> Node { Node(Unary(.square), [x]) }
public func reciprocal(_ x: Node) -> Node { Node(Unary(.reciprocal), [x]) }
public func sign(_ x: Node) -> Node { Node(Unary(.sign), [x]) }
public func erf(_ x: Node) -> Node { Node(Unary(.erf), [x]) }
public func sin(_ x: Node) -> Node { Node(Unary(.sine), [x]) }
public func cos(_ x: Node) -> Node { Node(Unary(.cosine), [x]) }
public func floor(_ x: Node) -> Node { Node(Unary(.floor), [x]) }
/// The nearest whole number; halves go to the even one.
public func round(_ x: Node) -> Node { Node(Unary(.round), [x]) }
/// `max(x, 0)`
public func relu(_ x: Node) -> Node { Node(Unary(.relu), [x]) }
/// `1 / (1 + exp(-x))`
public func sigmoid(_ x: Node) -> Node { Node(Unary(.sigmoid), [x]) }
public func tanh(_ x: Node) -> Node { Node(Unary(.tanh), [x]) }
/// `log(1 + exp(x))`, without overflow
public func softplus(_ x: Node) -> Node { Node(Unary(.softplus), [x]) }

/// `exp(x) / Σ exp(x)` along an axis of a sample.
public func softmax(_ x: Node, axis: Int = -1) -> Node { x.along(axis) { Node(Softmax(), [$0]) } }
/// `log(softmax(x))`, exact also where the softmax is very small.
public func logSoftmax(_ x: Node, axis: Int = -1) -> Node { x.along(axis) { Node(LogSoftmax(), [$0]) } }

/// `x`, but no gradient goes back through it.
public func stopGradient(_ x: Node) -> Node { Node(StopGradient(), [x]) }

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
