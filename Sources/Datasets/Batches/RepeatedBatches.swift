import DeepSwiftEngine

extension BatchedDataset {
  /// Several passes as one, or, without a number, passes without end: for `fit` with `stepsPerEpoch`.
  public func repeated(_ times: Int? = nil) -> RepeatedBatches<Self> {
    // More passes than anyone waits for, and few enough to count their batches.
    RepeatedBatches(source: self, times: times.map { min(max(0, $0), 1 << 31) })
  }
}

/// A data set that is gone through several times in one pass.
public struct RepeatedBatches<Source: BatchedDataset>: BatchedDataset {
  /// What is repeated.
  public let source: Source
  /// Without end if `nil`.
  public let times: Int?

  public var batchCount: Int? { times.flatMap { times in source.batchCount.map { $0 * times } } }

  public func makeBatches(pass: Int) throws -> any BatchIterator {
    Iterator(source: source, nextPass: pass * (times ?? 1), end: times.map { (pass + 1) * $0 })
  }

  private struct Iterator: BatchIterator {
    let source: Source
    var nextPass: Int
    let end: Int?
    var batches: (any BatchIterator)?
    var isEmpty = true

    init(source: Source, nextPass: Int, end: Int?) { (self.source, self.nextPass, self.end) = (source, nextPass, end) }

    mutating func next() throws -> Batch? {
      while true {
        if let batch = try batches?.next() {
          isEmpty = false
          return batch
        }
        // A source without batches would be asked for ever.
        guard nextPass < end ?? .max, batches == nil || !isEmpty else { return nil }
        batches = try source.makeBatches(pass: nextPass)
        isEmpty = true
        nextPass += 1
      }
    }
  }
}
