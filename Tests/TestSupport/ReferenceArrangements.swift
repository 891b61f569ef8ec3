@testable import DeepSwiftEngine

extension ReshapingOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] { x[0] }
}

extension TranspositionOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let shape = node.inputs[0].shape
    return (0..<node.shape.count).map { index in
      let here = coordinates(index, node.shape)
      var there = here
      for (axis, from) in order.enumerated() { there[from] = here[axis] }
      return x[0][place(there, shape)]
    }
  }
}

extension SliceOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let shape = node.inputs[0].shape, axis = axis < 0 ? axis + shape.rank : axis
    return (0..<node.shape.count).map { index in
      var here = coordinates(index, node.shape)
      here[axis] = range.lowerBound + here[axis] * step
      return x[0][place(here, shape)]
    }
  }
}

extension PadOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let shape = node.inputs[0].shape
    return (0..<node.shape.count).map { index in
      let here = coordinates(index, node.shape).enumerated().map { $1 - widths[$0][0] }
      let isInside = here.enumerated().allSatisfy { (0..<shape[$0]).contains($1) }
      return isInside ? x[0][place(here, shape)] : Double(value)
    }
  }
}

extension ConcatenationOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let axis = axis < 0 ? axis + node.shape.rank : axis
    return (0..<node.shape.count).map { index in
      var here = coordinates(index, node.shape), input = 0
      while here[axis] >= node.inputs[input].shape[axis] {
        here[axis] -= node.inputs[input].shape[axis]
        input += 1
      }
      return x[input][place(here, node.inputs[input].shape)]
    }
  }
}

extension GatherOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let table = node.inputs[0].shape, width = table.count / table[0]
    return x[1].flatMap { number in
      (0..<width).map { column in
        (0..<table[0]).contains(Int(number)) && number >= 0 ? x[0][Int(number) * width + column] : 0
      }
    }
  }
}

extension UpsamplingOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let (from, to) = (node.inputs[0].shape, node.shape)
    func value(_ row: Int, _ column: Int, _ channel: Int) -> Double { x[0][(row * from[1] + column) * from[2] + channel] }
    /// The two neighbours of a place, and how far it lies from the first: pixels are areas, and their middles count.
    func neighbours(_ index: Int, _ axis: Int) -> (Int, Int, Double) {
      let middle = (Double(index) + 0.5) / Double(factors[axis]) - 0.5
      let inside = min(max(middle, 0), Double(from[axis] - 1))
      return (Int(inside), min(Int(inside) + 1, from[axis] - 1), inside - Double(Int(inside)))
    }
    var y: [Double] = []
    for row in 0..<to[0] {
      for column in 0..<to[1] {
        for channel in 0..<to[2] {
          guard isBilinear else {
            y.append(value(row / factors[0], column / factors[1], channel))
            continue
          }
          let (top, bottom, down) = neighbours(row, 0), (left, right, across) = neighbours(column, 1)
          let above = value(top, left, channel) * (1 - across) + value(top, right, channel) * across
          let below = value(bottom, left, channel) * (1 - across) + value(bottom, right, channel) * across
          y.append(above * (1 - down) + below * down)
        }
      }
    }
    return y
  }
}
