@testable import DeepSwiftEngine

extension WarpOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let image = node.inputs[0].shape, map = x[1]
    /// The pixel that stands at a place along an axis, wherever that is.
    func inside(_ at: Int, _ length: Int) -> Int? {
      if (0..<length).contains(at) { return at }
      switch fillMode {
      case .constant: return nil
      case .nearest: return min(max(at, 0), length - 1)
      case .wrap: return (at % length + length) % length
      case .reflect:
        var at = at
        while !(0..<length).contains(at) { at = at < 0 ? -1 - at : 2 * length - 1 - at }
        return at
      }
    }
    func pixel(_ row: Int, _ column: Int, _ channel: Int) -> Double {
      guard let row = inside(row, image[0]), let column = inside(column, image[1]) else { return Double(fillValue) }
      return x[0][place([row, column, channel], image)]
    }
    return (0..<node.shape.count).map { index in
      let here = coordinates(index, node.shape), (row, column) = (Double(here[0]), Double(here[1]))
      let across = map[0] * column + map[1] * row + map[2], down = map[3] * column + map[4] * row + map[5]
      guard interpolation == .bilinear else {
        return pixel(Int(down.rounded(.toNearestOrAwayFromZero)), Int(across.rounded(.toNearestOrAwayFromZero)), here[2])
      }
      let (left, top) = (across.rounded(.down), down.rounded(.down)), (x, y) = (across - left, down - top)
      let (i, j) = (Int(top), Int(left))
      return (1 - y) * ((1 - x) * pixel(i, j, here[2]) + x * pixel(i, j + 1, here[2]))
        + y * ((1 - x) * pixel(i + 1, j, here[2]) + x * pixel(i + 1, j + 1, here[2]))
    }
  }
}

/// What the weights are is compared with Keras; here only what is done with them.
extension ResamplingOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let from = node.inputs[0].shape, taps = method.taps(from: from[axis], to: length, antialias: antialias)
    return (0..<node.shape.count).map { index in
      let here = coordinates(index, node.shape)
      return (0..<taps.count).reduce(0) { sum, tap in
        var there = here
        there[axis] = Int(taps.first[here[axis]]) + tap
        return sum + Double(taps.weights[here[axis] * taps.count + tap]) * x[0][place(there, from)]
      }
    }
  }
}

/// The numbers of the first step of a model with seed 0, as the engine draws them.
extension RandomUniformOp: BatchReferenceOp {
  func reference(batch x: [[[Double]]], _ node: Node, _ mode: Mode) -> [[Double]] {
    let source = source(seed: 0, step: 0)
    return x[0].indices.map { row in
      (0..<node.count).map { Double(value(source, at: row * node.count + $0)) }
    }
  }
}

extension ModeOp: BatchReferenceOp {
  func reference(batch x: [[[Double]]], _ node: Node, _ mode: Mode) -> [[Double]] { mode == .training ? x[0] : x[1] }
}
