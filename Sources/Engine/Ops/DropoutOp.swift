import DeepSwiftKernels

/// While training, sets a share of the elements to zero and scales the others, so that inference needs no scaling.
///
/// Which ones follows from a hash of (seed, step, op, sample, element): nothing is stored, and no thread's order matters.
package struct DropoutOp: Op {
  package let rate: Float
  /// Which of a model's dropouts this is; by default its place in the plan.
  package let key: UInt32?
  package let seed: UInt64?
  /// Whether all places along the first axis drop the same elements: the steps of a sequence.
  package var isSharedAlongFirstAxis = false
  package let masksInputGradients = true

  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard (0...1).contains(rate) else {
      throw ModelError(.argument, "a dropout rate lies between 0 and 1, received \(rate)")
    }
    return inputs[0]
  }

  package func isView(in mode: Mode) -> Bool { mode == .inference || rate == 0 }

  /// The key of this step's random numbers. `site` stands in for a key that was not given.
  func mask(_ chunk: Chunk, _ site: UInt32) -> ds_dropout {
    let batch = chunk.batch.pointee
    // With a seed of one's own, the numbers do not depend on the model's.
    let base = seed.map { UInt32(truncatingIfNeeded: $0 ^ $0 >> 32) } ?? batch.seed
    let mixed = (base ^ ((key ?? site) &* 0x85EB_CA6B)) &* 0xC2B2_AE35 ^ (batch.number &* 0x9E37_79B9)
    let threshold = UInt32(min(Double(rate) * 4_294_967_296, 4_294_967_295))
    return ds_dropout(key: mixed, threshold: threshold, scale: rate < 1 ? 1 / (1 - rate) : 0)
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (x, y, shape, number) = (site.inputs[0], site.output, site.node.shape, UInt32(site.output.index))
    plan.each(site, "dropout", reads: [x], writes: [y]) { [self] chunk in
      drop(chunk, shape, number, chunk[x], chunk[y])
    }
    return []
  }

  private func drop(
    _ chunk: Chunk, _ shape: Shape, _ site: UInt32, _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    let mask = mask(chunk, site), count = shape.count
    guard isSharedAlongFirstAxis else {
      return kernels.dropout(chunk.rows * count, chunk.firstRow * count, mask, x, y)
    }
    let places = shape[0], width = count / places
    for place in 0..<chunk.rows * places {
      kernels.dropout(width, (chunk.firstRow + place / places) * width, mask, x + place * width, y + place * width)
    }
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    guard let dx = site.inputGradients[0] else { return }
    let (dy, shape, cut, number) = (site.outputGradient, site.node.shape, site.masks[0], UInt32(site.output.index))
    let count = shape.count
    plan.each(site, "dropout dx", reads: [dy, cut], writes: [dx]) { [self] chunk in
      drop(chunk, shape, number, chunk[dy], chunk[dx])
      if let cut = chunk[cut] { kernels.mask_gradient(chunk.rows * count, chunk[dx], cut, chunk[dx]) }
    }
  }
}
