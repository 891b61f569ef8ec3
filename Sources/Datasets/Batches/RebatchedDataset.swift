import DeepSwiftEngine

extension BatchedDataset {
  /// The same samples in batches of `size`: single samples are gathered, larger batches are cut.
  ///
  /// The last batch is short if `size` does not divide the number of samples, or left out with `dropRemainder`.
  public func batched(_ size: Int, dropRemainder: Bool = false) -> RebatchedDataset<Self> {
    RebatchedDataset(source: self, size: size, dropRemainder: dropRemainder)
  }
}

/// A data set whose samples come in batches of another size.
public struct RebatchedDataset<Source: BatchedDataset>: BatchedDataset {
  /// Where the samples come from.
  public let source: Source
  /// Samples of a batch.
  public let size: Int
  /// Whether a short last batch is left out.
  public let dropRemainder: Bool

  /// Nobody knows how large the batches of the source are.
  public var batchCount: Int? { nil }

  public func makeBatches(pass: Int) throws -> any BatchIterator {
    guard size > 0 else { throw ModelError(.argument, "The size of a batch must be at least 1, received \(size)") }
    return Iterator(batches: try source.makeBatches(pass: pass), size: size, dropRemainder: dropRemainder)
  }

  private struct Iterator: BatchIterator {
    var batches: any BatchIterator
    let size: Int
    let dropRemainder: Bool
    /// What was read and not yet handed out, fewer than `size` samples but for the last.
    var waiting: [Batch] = []

    mutating func next() throws -> Batch? {
      var count = waiting.reduce(0) { $0 + $1.count }
      while count < size, let batch = try batches.next() {
        try batch.check()
        waiting.append(batch)
        count += batch.count
      }
      guard count >= size || count > 0 && !dropRemainder else { return nil }
      let all = try Batch.concatenated(waiting), length = min(size, count)
      waiting = length < count ? [all[length..<count]] : []
      return length < count ? all[0..<length] : all
    }
  }
}
