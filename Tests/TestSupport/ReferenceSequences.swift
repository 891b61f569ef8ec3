import Foundation

@testable import DeepSwiftEngine

extension LSTMOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let steps = node.inputs[0].shape[0], inputs = node.inputs[0].shape[1], units = node.shape.last
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    var h = hasInitialState ? x[x.count - 2] : Array(repeating: 0, count: units)
    var c = hasInitialState ? x[x.count - 1] : h
    var all: [Double] = []
    for step in 0..<steps {
      let start = (goesBackwards ? steps - 1 - step : step) * inputs
      var sums = hasBias ? x[3] : Array(repeating: 0, count: 4 * units)
      for column in 0..<4 * units {
        for k in 0..<inputs { sums[column] += x[0][start + k] * x[1][k * 4 * units + column] }
        for k in 0..<units { sums[column] += h[k] * x[2][k * 4 * units + column] }
      }
      for unit in 0..<units {
        c[unit] = sigmoid(sums[units + unit]) * c[unit] + sigmoid(sums[unit]) * tanh(sums[2 * units + unit])
        h[unit] = sigmoid(sums[3 * units + unit]) * tanh(c[unit])
      }
      all += h
    }
    switch output {
    case .last: return h
    case .sequence: return all
    case .sequenceAndCell: return all + c
    }
  }
}

/// Without dropout, which has no value that could be known beforehand.
extension AttentionOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let queries = node.shape[0], keys = node.inputs[1].shape[0]
    let size = node.inputs[0].shape[1] / heads, width = node.shape[1], valueSize = width / heads
    var y = Array(repeating: 0.0, count: queries * width)
    for head in 0..<heads {
      for query in 0..<queries {
        let seen = (0..<keys).filter { (!isCausal || $0 <= query) && (x.count < 4 || x[3][query * keys + $0] != 0) }
        let scores = seen.map { key in
          var sum = 0.0
          for i in 0..<size { sum += x[0][(query * heads + head) * size + i] * x[1][(key * heads + head) * size + i] }
          return exp(sum * Double(scale))
        }
        let total = scores.reduce(0, +)
        for (key, score) in zip(seen, scores) {
          for i in 0..<valueSize {
            y[query * width + head * valueSize + i] += score / total * x[2][(key * heads + head) * valueSize + i]
          }
        }
      }
    }
    return y
  }
}
