import DeepSwiftKernels

// Ops that copy elements to other places. They differ only in where an element of the input stands in the output; the way
// back takes the same way.

/// A copy between two arrangements of the same elements: `size` axes, walked with one set of strides on each side.
struct Arrangement {
  let size, input, output: [Int]
  var inputOffset = 0, outputOffset = 0
  let inputCount, outputCount: Int

  private func loop(fromInput: Bool) -> ds_loop {
    Loop(
      size: size, a: fromInput ? input : output, y: fromInput ? output : input, aRow: fromInput ? inputCount : outputCount,
      yRow: fromInput ? outputCount : inputCount
    ).value
  }

  /// Copies input elements to their places in the output. `filling` sets all of the output first.
  func forward(_ site: Site, _ name: String, input index: Int = 0, filling value: Float? = nil, _ plan: inout Plan) {
    var loop = loop(fromInput: true)
    // A value that all samples share is copied anew for each of them.
    if site.sumsOverRows(index) { loop.a_row = 0 }
    let walk = plan.constants.pointer(loop), (x, y) = (site.inputs[index], site.output)
    let (from, to, count) = (inputOffset, outputOffset, outputCount)
    plan.each(site, name, reads: [x], writes: [y]) { chunk in
      if let value { kernels.fill(chunk.rows * count, value, chunk[y]) }
      kernels.strided(chunk.rows, walk, 0, chunk[x] + from, chunk[y] + to)
    }
  }

  /// Takes the gradient of each input element from its place in the output; elements that went nowhere get 0.
  func backward(_ site: Site, _ name: String, input index: Int = 0, _ plan: inout Plan) {
    let sums = site.sumsOverRows(index)
    var loop = loop(fromInput: false)
    if sums { loop.y_row = 0 }
    let walk = plan.constants.pointer(loop)
    let dy = site.outputGradient, (from, to, count) = (outputOffset, inputOffset, inputCount)
    let covers = size.reduce(1, *) == inputCount && !sums
    plan.gradient(site, toward: index, name, reads: [dy]) { chunk, dx in
      if !covers && chunk.isFirst { kernels.fill(sums ? count : chunk.rows * count, 0, dx) }
      kernels.strided(chunk.rows, walk, sums ? 1 : 0, chunk[dy] + from, dx + to)
    }
  }
}

/// The axes in another order.
package struct TranspositionOp: Op {
  package let order: [Int]

  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard order.sorted() == Array(0..<inputs[0].rank) else {
      throw ModelError(
        .shape,
        "\(order) is no order of the \(inputs[0].rank) axes of shape \(inputs[0]): name each of 0..<\(inputs[0].rank) once")
    }
    return Shape(order.map { inputs[0][$0] })
  }

  private func arrangement(_ site: Site) -> Arrangement {
    let x = site.node.inputs[0].shape
    return Arrangement(
      size: site.node.shape.dimensions, input: order.map { x.strides[$0] }, output: site.node.shape.strides,
      inputCount: x.count, outputCount: x.count)
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    arrangement(site).forward(site, "transpose", &plan)
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) { arrangement(site).backward(site, "transpose dx", &plan) }
}

/// Part of one axis, every `step`-th place of it.
package struct SliceOp: Op {
  package let axis: Int
  package let range: Range<Int>
  package let step: Int

  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard let axis = inputs[0].normalized(axis: axis) else {
      throw ModelError(.shape, "cannot slice axis \(self.axis) of a sample of shape \(inputs[0])")
    }
    guard range.lowerBound >= 0, range.upperBound <= inputs[0][axis], !range.isEmpty, step > 0 else {
      throw ModelError(
        .shape, "cannot take \(range)\(step == 1 ? "" : " by \(step)") of axis \(axis), which has \(inputs[0][axis]) places")
    }
    var shape = inputs[0]
    shape[axis] = (range.count + step - 1) / step
    return shape
  }

  private func arrangement(_ site: Site) -> Arrangement {
    let x = site.node.inputs[0].shape, axis = x.normalized(axis: axis)!
    var strides = x.strides
    strides[axis] *= step
    return Arrangement(
      size: site.node.shape.dimensions, input: strides, output: site.node.shape.strides,
      inputOffset: range.lowerBound * x.strides[axis], inputCount: x.count, outputCount: site.node.count)
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    arrangement(site).forward(site, "slice", &plan)
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) { arrangement(site).backward(site, "slice dx", &plan) }
}

/// A number before and behind each axis.
package struct PadOp: Op {
  /// For each axis the places before and behind it.
  package let widths: [[Int]]
  package let value: Float

  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard widths.count == inputs[0].rank, widths.allSatisfy({ $0.allSatisfy { $0 >= 0 } }) else {
      throw ModelError(
        .shape, "padding \(widths) does not fit a sample of shape \(inputs[0]): give places before and behind each axis")
    }
    return Shape(zip(inputs[0].dimensions, widths).map { $0 + $1[0] + $1[1] })
  }

  private func arrangement(_ site: Site) -> Arrangement {
    let x = site.node.inputs[0].shape, strides = site.node.shape.strides
    return Arrangement(
      size: x.dimensions, input: x.strides, output: strides,
      outputOffset: zip(widths, strides).reduce(0) { $0 + $1.0[0] * $1.1 }, inputCount: x.count, outputCount: site.node.count)
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    arrangement(site).forward(site, "pad", filling: value, &plan)
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) { arrangement(site).backward(site, "pad dx", &plan) }
}

/// Several inputs one behind the other along an axis.
package struct ConcatenationOp: Op {
  package let axis: Int

  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard let first = inputs.first, let axis = first.normalized(axis: axis) else {
      throw ModelError(
        .shape,
        "cannot concatenate along axis \(self.axis): \(inputs.first.map { "a sample has shape \($0)" } ?? "there is nothing")")
    }
    var result = first
    for other in inputs.dropFirst() {
      var matching = other
      if other.rank == first.rank { matching[axis] = first[axis] }
      guard matching == first else {
        throw ModelError(
          .shape,
          "cannot concatenate shapes \(inputs.map(\.description).joined(separator: ", ")) along axis \(axis): all other "
            + "axes must be equal")
      }
      result[axis] += other[axis]
    }
    return result
  }

  private func arrangement(_ site: Site, _ index: Int) -> Arrangement {
    let shapes = site.node.inputs.map(\.shape), axis = shapes[0].normalized(axis: axis)!
    let start = shapes.prefix(index).reduce(0) { $0 + $1[axis] }, strides = site.node.shape.strides
    return Arrangement(
      size: shapes[index].dimensions, input: shapes[index].strides, output: strides, outputOffset: start * strides[axis],
      inputCount: shapes[index].count, outputCount: site.node.count)
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    for index in site.inputs.indices { arrangement(site, index).forward(site, "concatenate", input: index, &plan) }
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    for index in site.inputs.indices { arrangement(site, index).backward(site, "concatenate d\(index)", input: index, &plan) }
  }
}
