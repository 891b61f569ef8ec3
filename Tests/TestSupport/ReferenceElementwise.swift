import Foundation

@testable import DeepSwiftEngine

extension AffineOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] { x[0].map { Double(scale) * $0 + Double(offset) } }
}

extension UnaryOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    x[0].map { x in
      switch function {
      case .relu: max(x, 0)
      case .sigmoid: 1 / (1 + Foundation.exp(-x))
      case .tanh: Foundation.tanh(x)
      case .exp: Foundation.exp(x)
      case .log: Foundation.log(x)
      case .squareRoot: x.squareRoot()
      case .absolute: x.magnitude
      case .negative: -x
      case .square: x * x
      case .reciprocal: 1 / x
      case .erf: Foundation.erf(x)
      case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
      case .softplus: max(x, 0) + Foundation.log1p(Foundation.exp(-x.magnitude))
      case .log1p: Foundation.log1p(x)
      case .expm1: Foundation.expm1(x)
      case .sine: Foundation.sin(x)
      case .cosine: Foundation.cos(x)
      case .floor: Foundation.floor(x)
      case .round: x.rounded(.toNearestOrEven)
      }
    }
  }
}

extension BinaryOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    (0..<node.shape.count).map { index in
      let a = x[0][stretched(index, node.shape, node.inputs[0].shape)]
      let b = x[1][stretched(index, node.shape, node.inputs[1].shape)]
      return switch function {
      case .add: a + b
      case .subtract: a - b
      case .multiply: a * b
      case .divide: a / b
      case .maximum: max(a, b)
      case .minimum: min(a, b)
      case .power: Foundation.pow(a, b)
      case .less: a < b ? 1 : 0
      case .lessOrEqual: a <= b ? 1 : 0
      case .equal: a == b ? 1 : 0
      case .notEqual: a != b ? 1 : 0
      case .greater: a > b ? 1 : 0
      case .greaterOrEqual: a >= b ? 1 : 0
      }
    }
  }
}

extension SelectOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    (0..<node.shape.count).map { index in
      let side = x[0][stretched(index, node.shape, node.inputs[0].shape)] != 0 ? 1 : 2
      return x[side][stretched(index, node.shape, node.inputs[side].shape)]
    }
  }
}

extension ConstantOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] { values.map(Double.init) }
}

/// Dropout has no value that could be known beforehand; its twin leaves everything as it is.
extension DropoutOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] { x[0] }
}
