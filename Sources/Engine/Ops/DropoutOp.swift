import DeepSwiftKernels

/// While training, sets a share of the elements to zero and scales the others, so that inference needs no scaling.
///
/// Which ones follows from a hash of (seed, step, op, sample, element): nothing is stored, and no thread's order matters.
package struct DropoutOp: Op {
  package let rate: Float
  /// Which of a model's dropouts this is; by default its place in the plan.
  package let key: UInt32?
  package let seed: UInt64?
  /// The lengths of the random numbers' axes, the batch first: 1 where all places share them, `nil` where each has its own.
  package var noiseShape: [Int?]?
  package let masksInputGradients = true

  package func shape(_ inputs: [Shape]) throws -> Shape {
    guard (0...1).contains(rate) else {
      throw ModelError(.argument, "a dropout rate lies between 0 and 1, received \(rate)")
    }
    if let noiseShape, let fault = fault(noiseShape, inputs[0]) {
      throw ModelError(.shape, "\(fault), received noiseShape \(written(noiseShape)) for samples of shape \(inputs[0])")
    }
    return inputs[0]
  }

  private func fault(_ noiseShape: [Int?], _ x: Shape) -> String? {
    guard noiseShape.count == x.rank + 1 else { return "a noise shape has an axis for the batch and each axis of a sample" }
    guard noiseShape[0] ?? 1 == 1 else { return "the first axis of a noise shape is the batch: nil, or 1 if samples share it" }
    let isPossible = zip(noiseShape.dropFirst(), x.dimensions).allSatisfy { length, whole in [1, whole].contains(length ?? 1) }
    return isPossible ? nil : "an axis of a noise shape is nil, 1, or as long as the sample's"
  }

  private func written(_ noiseShape: [Int?]) -> String {
    "[\(noiseShape.map { $0.map { "\($0)" } ?? "nil" }.joined(separator: ", "))]"
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
    let (x, y, noise, number) = (site.inputs[0], site.output, DropoutNoise(self, site.node.shape), UInt32(site.output.index))
    plan.each(site, "dropout", reads: [x], writes: [y]) { [self] chunk in
      noise.drop(chunk, mask(chunk, number), chunk[x], chunk[y])
    }
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    guard let dx = site.inputGradients[0] else { return }
    let (dy, cut, number) = (site.outputGradient, site.masks[0], UInt32(site.output.index))
    let noise = DropoutNoise(self, site.node.shape), count = site.node.shape.count
    plan.each(site, "dropout dx", reads: [dy, cut], writes: [dx]) { [self] chunk in
      noise.drop(chunk, mask(chunk, number), chunk[dy], chunk[dx])
      if let cut = chunk[cut] { kernels.mask_gradient(chunk.rows * count, chunk[dx], cut, chunk[dx]) }
    }
  }
}

/// Which random number belongs to which element: along an axis of length 1 in the noise shape it is the same one.
private struct DropoutNoise {
  /// Elements of a sample that lie one behind the other, and have as many numbers or share one: a piece.
  private let length: Int
  private let sharesPiece: Bool
  /// The first number of each piece of a sample, and how many numbers a sample has. 0 where samples share them.
  private let starts: [Int]
  private let count: Int

  init(_ op: DropoutOp, _ shape: Shape) {
    let lengths = op.noiseShape?.dropFirst().enumerated().map { $1 ?? shape[$0] } ?? shape.dimensions
    let isShared = zip(lengths, shape.dimensions).map { $0 < $1 }
    let inPiece = isShared.reversed().prefix { $0 == isShared.last }.count
    sharesPiece = isShared.last ?? false
    length = shape.dimensions.suffix(inPiece).reduce(1, *)
    var starts = [0], numbers = sharesPiece ? 1 : length
    // From the inside out: each axis repeats what is within, with the same numbers or the next ones.
    for axis in (0..<shape.rank - inPiece).reversed() {
      let step = isShared[axis] ? 0 : numbers
      starts = (0..<shape[axis]).flatMap { place in starts.map { $0 + place * step } }
      if !isShared[axis] { numbers *= shape[axis] }
    }
    self.starts = starts
    count = op.noiseShape.map { $0[0] == 1 } ?? false ? 0 : numbers
  }

  func drop(_ chunk: Chunk, _ mask: ds_dropout, _ x: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    // Without shared numbers the whole chunk is one piece.
    if starts.count == 1, !sharesPiece, count > 0 {
      return kernels.dropout(chunk.rows * count, chunk.firstRow * count, mask, x, y)
    }
    var place = 0
    for row in chunk.firstRow..<chunk.firstRow + chunk.rows {
      for start in starts {
        let number = row * count + start
        if sharesPiece {
          var one: Float = 1, factor: Float = 0
          kernels.dropout(1, number, mask, &one, &factor)
          for index in place..<place + length { y[index] = factor == 0 ? 0 : x[index] * factor }
        } else {
          kernels.dropout(length, number, mask, x + place, y + place)
        }
        place += length
      }
    }
  }
}
