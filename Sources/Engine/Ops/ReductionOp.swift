import DeepSwiftKernels

/// A sum, mean, extreme or product over some axes of a sample.
package struct ReductionOp: Op {
  package enum Kind: UInt32, CaseIterable { case sum, mean, maximum, minimum, product, argmax }

  package let kind: Kind
  /// `nil` stands for all axes.
  package let axes: [Int]?
  package let keepsAxes: Bool

  init(_ kind: Kind, axes: [Int]?, keepsAxes: Bool) {
    self.kind = kind
    self.axes = axes
    self.keepsAxes = keepsAxes
  }

  package var passesGradients: Bool { kind != .argmax }

  package func shape(_ inputs: [Shape]) throws -> Shape {
    let reduced = try reducedAxes(inputs[0])
    return Shape(
      inputs[0].dimensions.enumerated().compactMap { axis, length in
        reduced.contains(axis) ? (keepsAxes ? 1 : nil) : length
      })
  }

  /// The axes that go, counted from the front.
  package func reducedAxes(_ shape: Shape) throws -> Set<Int> {
    guard let axes else { return Set(0..<shape.rank) }
    return Set(
      try axes.map { axis in
        guard let normalized = shape.normalized(axis: axis) else {
          throw ModelError(.shape, "cannot reduce axis \(axis) of a sample of shape \(shape), which has \(shape.rank) axes")
        }
        return normalized
      })
  }

  /// The walk over x; the result stays where it is along reduced axes.
  private func loop(_ node: Node) -> (loop: ds_loop, count: Int) {
    let x = node.inputs[0], reduced = try! reducedAxes(x.shape)
    var strides = Array(repeating: 0, count: x.shape.rank), stride = 1
    for axis in (0..<x.shape.rank).reversed() where !reduced.contains(axis) {
      strides[axis] = stride
      stride *= x.shape[axis]
    }
    let loop = Loop(size: x.shape.dimensions, a: x.shape.strides, y: strides, aRow: x.count, yRow: node.count)
    return (loop.value, x.count / node.count)
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (loop, count) = loop(site.node), walk = plan.constants.pointer(loop), kind = ds_reduction(kind.rawValue)
    let (x, y) = (site.inputs[0], site.output)
    plan.each(site, "\(self.kind)", reads: [x], writes: [y]) { chunk in
      kernels.reduce(kind, chunk.rows, walk, count, chunk[x], chunk[y])
    }
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    guard let dx = site.inputGradients[0] else { return }
    let (loop, count) = loop(site.node), walk = plan.constants.pointer(loop), kind = ds_reduction(kind.rawValue)
    let (x, y, dy) = (site.inputs[0], site.output, site.outputGradient)
    plan.each(site, "\(self.kind) dx", reads: [x, y, dy], writes: [dx]) { chunk in
      kernels.reduce_backward(kind, chunk.rows, walk, count, chunk[x], chunk[y], chunk[dy], chunk[dx])
    }
  }
}
