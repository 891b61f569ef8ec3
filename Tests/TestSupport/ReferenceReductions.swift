import Foundation

@testable import DeepSwiftEngine

extension ReductionOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let shape = node.inputs[0].shape
    let reduced = Set((axes ?? Array(0..<shape.rank)).map { $0 < 0 ? $0 + shape.rank : $0 })
    var groups: [[Double]] = Array(repeating: [], count: node.shape.count)
    let keptShape = Shape((0..<shape.rank).map { reduced.contains($0) ? 1 : shape[$0] })
    for index in 0..<shape.count {
      let here = coordinates(index, shape)
      groups[place((0..<shape.rank).map { reduced.contains($0) ? 0 : here[$0] }, keptShape)].append(x[0][index])
    }
    return groups.map { group in
      switch kind {
      case .sum: group.reduce(0, +)
      case .mean: group.reduce(0, +) / Double(group.count)
      case .maximum: group.max()!
      case .minimum: group.min()!
      case .product: group.reduce(1, *)
      case .argmax: Double(group.firstIndex(of: group.max()!)!)
      }
    }
  }
}

extension PenaltyOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    [x[0].reduce(0) { $0 + Double(l1) * $1.magnitude + Double(l2) * $1 * $1 }]
  }
}

/// Applies a function to each line along the last axis.
private func lines(_ x: [Double], _ shape: Shape, _ body: ([Double]) -> [Double]) -> [Double] {
  stride(from: 0, to: x.count, by: shape.last).flatMap { body(Array(x[$0..<$0 + shape.last])) }
}

private func logOfSum(_ line: [Double]) -> Double {
  let most = line.max()!
  return most + log(line.reduce(0) { $0 + exp($1 - most) })
}

extension SoftmaxOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    lines(x[0], node.shape) { line in line.map { exp($0 - logOfSum(line)) } }
  }
}

extension LogSoftmaxOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    lines(x[0], node.shape) { line in line.map { $0 - logOfSum(line) } }
  }
}

/// The gradient goes to the scores alone, so the value is taken from them alone.
extension SparseCrossEntropyOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let classes = node.inputs[0].shape.last
    return x[2].indices.map { index in
      let line = Array(x[0][index * classes..<(index + 1) * classes])
      let p = exp(line[Int(x[2][index])] - logOfSum(line))
      return isFromLogits ? logOfSum(line) - line[Int(x[2][index])] : -log(min(max(p, 1e-7), 1 - 1e-7))
    }
  }
}

extension LayerNormalizationOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    lines(x[0], node.shape) { line in
      let mean = line.reduce(0, +) / Double(line.count)
      let variance = line.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(line.count)
      return line.indices.map { (line[$0] - mean) / (variance + Double(epsilon)).squareRoot() * x[1][$0] + x[2][$0] }
    }
  }
}

extension BatchNormalizationOp: BatchReferenceOp {
  func reference(batch x: [[[Double]]], _ node: Node, _ mode: Mode) -> [[Double]] {
    let channels = node.shape.last
    var mean = x[3][0], variance = x[4][0]
    if mode == .training { (mean, variance) = channelStatistics(x[0], channels) }
    return x[0].map { row in
      row.indices.map { i in
        let c = i % channels
        return (row[i] - mean[c]) / (variance[c] + Double(epsilon)).squareRoot() * x[1][0][c] + x[2][0][c]
      }
    }
  }
}

/// Mean and variance of each channel over all rows and places.
package func channelStatistics(_ rows: [[Double]], _ channels: Int) -> (mean: [Double], variance: [Double]) {
  let all = rows.flatMap { $0 }, count = Double(all.count / channels)
  var mean = Array(repeating: 0.0, count: channels), variance = mean
  for (i, value) in all.enumerated() { mean[i % channels] += value / count }
  for (i, value) in all.enumerated() {
    variance[i % channels] += (value - mean[i % channels]) * (value - mean[i % channels]) / count
  }
  return (mean, variance)
}
