/// Random numbers for each sample, spread evenly from `low` to `high`.
///
/// They follow from (seed, step, key, sample, place) alone: nothing is stored, and no thread's order matters. The input only
/// says that there are samples.
struct RandomUniformOp: Op {
  let low, high: Float
  let dimensions: Shape
  let key: UInt32
  let seed: UInt64?
  let passesGradients = false

  func shape(_ inputs: [Shape]) -> Shape { dimensions }

  /// The numbers of one step.
  func source(seed modelSeed: UInt32, step: UInt32) -> RandomSource {
    RandomSource(seed: seed ?? UInt64(modelSeed)).keyed(UInt64(key) << 32 | UInt64(step))
  }

  /// The number at a place, counted through all samples of the batch.
  func value(_ source: RandomSource, at place: Int) -> Float { low + (high - low) * source.uniform(at: UInt64(place)) }

  func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let y = site.output, count = site.node.count
    plan.each(site, "random", reads: [], writes: [y]) { [self] chunk in
      let source = source(seed: chunk.batch.pointee.seed, step: chunk.batch.pointee.number)
      for i in 0..<chunk.rows * count { chunk[y][i] = value(source, at: chunk.firstRow * count + i) }
    }
    return []
  }

  func backward(_ site: Site, _ plan: inout Plan) {}
}
