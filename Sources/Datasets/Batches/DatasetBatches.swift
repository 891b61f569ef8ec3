import DeepSwiftEngine

extension Dataset {
  /// The samples in batches, in their order or, on request, in a new random order in each pass.
  ///
  /// The last batch is short if `size` does not divide the number of samples, or left out with `dropRemainder`.
  public func batched(
    _ size: Int = 32, shuffle: Bool = false, seed: UInt64? = nil, dropRemainder: Bool = false
  ) -> DatasetBatches {
    DatasetBatches(
      dataset: self, size: size, seed: shuffle ? seed ?? RandomSource.nextSeed() : nil, dropRemainder: dropRemainder)
  }
}

/// A data set in memory, batch by batch.
public struct DatasetBatches: BatchedDataset, Sendable {
  /// Where the samples come from.
  public let dataset: Dataset
  /// Samples of a batch.
  public let size: Int
  /// What the random order follows from; `nil` keeps the samples' order.
  public let seed: UInt64?
  /// Whether a short last batch is left out.
  public let dropRemainder: Bool

  public var batchCount: Int? {
    size < 1 ? nil : dropRemainder ? dataset.count / size : (dataset.count + size - 1) / size
  }

  public func makeBatches(pass: Int) throws -> any BatchIterator {
    guard size > 0 else { throw ModelError(.argument, "The size of a batch must be at least 1, received \(size)") }
    let order = seed.map { RandomSource(seed: $0).keyed(UInt64(pass)).permutation(dataset.count).map { Int($0) } }
    let batchCount = batchCount ?? 0
    return BatchSequence(
      (0..<batchCount).lazy.map { [dataset, size] index in
        let range = index * size..<min((index + 1) * size, dataset.count)
        let part = order.map { dataset.gathered(Array($0[range])) } ?? dataset[range]
        return Batch(x: part.x, y: part.y)
      })
  }

  /// Two parts, the first with `fraction` of the samples, rounded down: chosen at random if the batches are shuffled, by their
  /// order otherwise. The second part keeps its order in each pass, as validation needs no other.
  public func split(_ fraction: Double) throws -> (DatasetBatches, DatasetBatches) {
    let length = (0...1).contains(fraction) ? Int(Double(dataset.count) * fraction) : 0
    guard length > 0, length < dataset.count else {
      throw ModelError(
        .argument,
        "split(\(fraction)) of \(dataset.count) samples leaves a part empty; the first part's fraction lies between 0 and 1")
    }
    let (first, second) = seed.map { dataset.split(fraction, shuffledBy: $0) } ?? dataset.split(fraction)
    return (
      DatasetBatches(dataset: first, size: size, seed: seed, dropRemainder: dropRemainder),
      DatasetBatches(dataset: second, size: size, seed: nil, dropRemainder: false)
    )
  }
}
