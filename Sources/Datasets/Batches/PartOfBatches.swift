import DeepSwiftEngine

extension BatchedDataset {
  /// The first `count` batches of each pass, or all if there are fewer.
  public func take(_ count: Int) -> PartOfBatches<Self> { PartOfBatches(source: self, skipped: 0, taken: max(0, count)) }

  /// Each pass without its first `count` batches.
  public func skip(_ count: Int) -> PartOfBatches<Self> { PartOfBatches(source: self, skipped: max(0, count), taken: nil) }

  /// Two parts, the first with `fraction` of the batches, rounded down.
  ///
  /// Both parts see the first pass again and again: in a source that is shuffled anew in each pass, batches would otherwise
  /// wander from one part to the other. Shuffle afterwards: `split(0.8)`, then `.shuffled(buffer: 1000)` of the first part.
  public func split(_ fraction: Double) throws -> (PartOfBatches<Self>, PartOfBatches<Self>) {
    guard let batchCount else {
      throw ModelError(
        .argument, "a source that does not know how many batches it has cannot be split by a fraction; use take and skip")
    }
    let length = (0...1).contains(fraction) ? Int(Double(batchCount) * fraction) : 0
    guard length > 0, length < batchCount else {
      throw ModelError(
        .argument,
        "split(\(fraction)) of \(batchCount) batches leaves a part empty; the first part's fraction lies between 0 and 1")
    }
    return (
      PartOfBatches(source: self, skipped: 0, taken: length, repeatsFirstPass: true),
      PartOfBatches(source: self, skipped: length, taken: nil, repeatsFirstPass: true)
    )
  }
}

/// Some consecutive batches of a data set.
public struct PartOfBatches<Source: BatchedDataset>: BatchedDataset {
  /// Where the batches come from.
  public let source: Source
  let skipped: Int
  /// All that follow if `nil`.
  let taken: Int?
  var repeatsFirstPass = false

  public var batchCount: Int? {
    source.batchCount.map { min(max(0, $0 - skipped), taken ?? .max) }
  }

  public func makeBatches(pass: Int) throws -> any BatchIterator {
    Iterator(
      batches: try source.makeBatches(pass: repeatsFirstPass ? 0 : pass), toSkip: skipped, toTake: taken ?? .max)
  }

  private struct Iterator: BatchIterator {
    var batches: any BatchIterator
    var toSkip: Int
    var toTake: Int

    mutating func next() throws -> Batch? {
      guard toTake > 0 else { return nil }
      while toSkip > 0 {
        toSkip -= 1
        guard try batches.next() != nil else { return nil }
      }
      toTake -= 1
      return try batches.next()
    }
  }
}
