import DeepSwiftKernels

/// A function of two numbers, element by element, with NumPy's broadcasting.
package struct BinaryOp: AcceptsRectifier {
  package enum Function: UInt32, CaseIterable {
    // In the order of the kernels.
    case add, subtract, multiply, divide, maximum, minimum, power
    case less, lessOrEqual, equal, notEqual, greater, greaterOrEqual
  }

  package let function: Function
  package var rectifies = false
  init(_ function: Function) { self.function = function }

  package var passesGradients: Bool { function.rawValue <= Function.power.rawValue }

  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard let shape = inputs[0].broadcast(with: inputs[1]) else {
      throw ModelError(
        .shape, "cannot \(function) shapes \(inputs[0]) and \(inputs[1]): axis by axis from the end, lengths must be equal or 1")
    }
    return shape
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (a, b, y, count) = (site.inputs[0], site.inputs[1], site.output, site.node.count)
    let rectify: Int32 = rectifies ? 1 : 0
    if function == .add && isPlain(site.node) {
      plan.each(site, "add", reads: [a, b], writes: [y]) { chunk in
        kernels.add(chunk.rows * count, chunk[a], chunk[b], rectify, chunk[y])
      }
      return []
    }
    let loop = plan.constants.pointer(loop(site)), kind = ds_binary(function.rawValue)
    plan.each(site, "\(function)", reads: [a, b], writes: [y]) { chunk in
      kernels.binary(kind, chunk.rows, loop, chunk[a], chunk[b], chunk[y])
      if rectify != 0 { kernels.unary(ds_relu, chunk.rows * count, chunk[y], chunk[y]) }
    }
    return []
  }

  /// da = Σ dy ∂f/∂a over the axes along which a was repeated; db alike
  package func backward(_ site: Site, _ plan: inout Plan) {
    let (a, b, y, dy) = (site.inputs[0], site.inputs[1], site.output, site.outputGradient)
    if function == .add && isPlain(site.node) {
      for side in 0...1 {
        guard let d = site.inputGradients[side] else { continue }
        plan.copy(dy, into: d, mask: site.masks[side], count: site.node.count, isPerSample: site.isPerSample)
      }
      return
    }
    let loop = plan.constants.pointer(loop(site)), kind = ds_binary(function.rawValue)
    for side in 0...1 {
      plan.gradient(site, toward: side, "\(function) d\(side)", reads: [a, b, y, dy]) { chunk, d in
        kernels.binary_backward(
          kind, Int32(side), chunk.rows, loop, chunk.start, chunk[a], chunk[b], chunk[y], chunk[dy], d)
      }
      if function == .add, let d = site.inputGradients[side], let mask = site.masks[side] {
        let input = site.node.inputs[side]
        plan.mask(d, by: mask, count: input.count, isPerSample: input.isPerSample)
      }
    }
  }

  package var masksInputGradients: Bool { function == .add }
  package func inputsSharingGradient(of node: Node) -> [Int] { function == .add && isPlain(node) ? [0, 1] : [] }

  /// Whether both sides have the result's shape, so that there is nothing to repeat.
  func isPlain(_ node: Node) -> Bool {
    node.inputs.allSatisfy { $0.shape == node.shape && $0.isPerSample == node.isPerSample }
  }

  private func loop(_ site: Site) -> ds_loop {
    Loop(site.node, a: site.node.inputs[0], b: site.node.inputs[1]).value
  }
}

/// The loop nest of a kernel over one sample's axes.
struct Loop {
  private(set) var value = ds_loop()

  /// Over the axes of `result`; operands are repeated along axes that they lack.
  init(_ result: Node, a: Node, b: Node?) {
    self.init(
      size: result.shape.dimensions, a: Self.strides(of: a.shape, over: result.shape),
      b: b.map { Self.strides(of: $0.shape, over: result.shape) }, y: result.shape.strides)
    value.a_row = a.isPerSample ? a.count : 0
    value.b_row = b.map { $0.isPerSample ? $0.count : 0 } ?? 0
    value.y_row = result.isPerSample ? result.count : 0
  }

  /// Axes that lie one behind the other in all operands become one.
  init(size: [Int], a: [Int], b: [Int]? = nil, y: [Int], aRow: Int = 0, yRow: Int = 0) {
    let b = b ?? Array(repeating: 0, count: size.count)
    var axes: [(size: Int, a: Int, b: Int, y: Int)] = []
    for axis in zip(zip(size, a), zip(b, y)).map({ ($0.0, $0.1, $1.0, $1.1) }) where axis.0 != 1 {
      if let outer = axes.last, outer.a == axis.1 * axis.0, outer.b == axis.2 * axis.0, outer.y == axis.3 * axis.0 {
        axes[axes.count - 1] = (outer.size * axis.0, axis.1, axis.2, axis.3)
      } else {
        axes.append((axis.0, axis.1, axis.2, axis.3))
      }
    }
    if axes.isEmpty { axes = [(1, 0, 0, 0)] }
    precondition(axes.count <= Shape.mostAxes)
    value.axes = Int32(axes.count)
    Self.fill(&value.size, axes.map(\.size))
    Self.fill(&value.a, axes.map(\.a))
    Self.fill(&value.b, axes.map(\.b))
    Self.fill(&value.y, axes.map(\.y))
    value.a_row = aRow
    value.y_row = yRow
  }

  /// Steps through `shape` while walking over `target`: 0 along axes that are repeated.
  private static func strides(of shape: Shape, over target: Shape) -> [Int] {
    let missing = target.rank - shape.rank
    return Array(repeating: 0, count: missing) + zip(shape.dimensions, shape.strides).map { $0 == 1 ? 0 : $1 }
  }

  private static func fill<Tuple>(_ tuple: inout Tuple, _ numbers: [Int]) {
    withUnsafeMutableBytes(of: &tuple) { bytes in
      let places = bytes.bindMemory(to: Int.self)
      for (index, number) in numbers.enumerated() { places[index] = number }
    }
  }
}
