@testable import DeepSwiftEngine

/// An op as a plain formula on one sample, in double precision: what the engine's op is checked against.
protocol ReferenceOp: Op {
  /// The elements of the result for one sample. `x` holds the elements of each input.
  func reference(_ x: [[Double]], _ node: Node) -> [Double]
}

/// An op that looks at all samples at once.
protocol BatchReferenceOp: Op {
  /// `x[input][row]`; an input that all samples share has one row.
  func reference(batch x: [[[Double]]], _ node: Node, _ mode: Mode) -> [[Double]]
}

/// Computes an expression one node and one sample at a time: the slow twin of `Program`.
package struct ReferenceEvaluator {
  package var mode = Mode.training
  /// `inputs[input][row]`, by the input's node.
  package var inputs: [ObjectIdentifier: [[Double]]] = [:]
  package var parameters: [ObjectIdentifier: [Double]] = [:]
  /// What `stopGradient` holds back. Central differences must not move it, so it is noted in the first evaluation.
  private var held: [ObjectIdentifier: [[Double]]] = [:]

  package init(mode: Mode = .training) { self.mode = mode }

  /// The rows of each of `nodes`; one row where all samples share the value.
  package mutating func values(of nodes: [Node]) -> [[[Double]]] { values(of: nodes, order: Node.sorted(nodes)) }

  mutating func values(of nodes: [Node], order: [Node]) -> [[[Double]]] {
    var known: [ObjectIdentifier: [[Double]]] = [:]
    for node in order { known[node.id] = value(node, node.inputs.map { known[$0.id]! }) }
    return nodes.map { known[$0.id]! }
  }

  private mutating func value(_ node: Node, _ x: [[[Double]]]) -> [[Double]] {
    switch node.op {
    case is InputOp: return inputs[node.id]!
    case let op as ParameterOp: return [parameters[op.parameter.id]!]
    case is StopGradientOp:
      if held[node.id] == nil { held[node.id] = x[0] }
      return held[node.id]!
    case let op as any BatchReferenceOp: return op.reference(batch: x, node, mode)
    case let op as any ReferenceOp:
      let rows = node.isPerSample ? zip(node.inputs, x).lazy.filter { $0.0.isPerSample }.map(\.1.count).first! : 1
      return (0..<rows).map { row in
        op.reference(zip(node.inputs, x).map { $0.isPerSample ? $1[row] : $1[0] }, node)
      }
    default: preconditionFailure("\(type(of: node.op)) has no twin; make it a ReferenceOp")
    }
  }
}

// Helpers of the formulas. They share nothing with the engine.

/// Where element `index` of `result` comes from in an operand that broadcasting stretched to `result`.
func stretched(_ index: Int, _ result: Shape, _ operand: Shape) -> Int {
  var rest = index, place = 0, stride = 1
  for axis in (0..<result.rank).reversed() {
    let here = rest % result[axis]
    rest /= result[axis]
    let own = axis - (result.rank - operand.rank)
    guard own >= 0 else { continue }
    if operand[own] > 1 { place += here * stride }
    stride *= operand[own]
  }
  return place
}

/// The coordinates of element `index`.
func coordinates(_ index: Int, _ shape: Shape) -> [Int] {
  var rest = index, result = Array(repeating: 0, count: shape.rank)
  for axis in (0..<shape.rank).reversed() {
    result[axis] = rest % shape[axis]
    rest /= shape[axis]
  }
  return result
}

/// The element at these coordinates.
func place(_ coordinates: [Int], _ shape: Shape) -> Int {
  var index = 0
  for axis in 0..<shape.rank { index = index * shape[axis] + coordinates[axis] }
  return index
}

/// Zeros before an axis of an image, by Keras' rule: half of what is missing, the odd one behind.
func zerosBefore(_ length: Int, window: Int, stride: Int, dilation: Int = 1, _ padding: Padding) -> Int {
  guard padding == .same else { return 0 }
  let places = Int((Double(length) / Double(stride)).rounded(.up))
  return max((places - 1) * stride + (window - 1) * dilation + 1 - length, 0) / 2
}
