import DeepSwiftEngine

extension BatchedDataset {
  /// The samples in a random order, another one in each pass; batches keep their sizes.
  ///
  /// `buffer` samples are held in memory, and each that is handed out is drawn from them: a sample can come earlier by no more
  /// than that. The same seed gives the same orders; without one it follows from ``setRandomSeed(_:)``.
  public func shuffled(buffer: Int, seed: UInt64? = nil) -> ShuffledBatches<Self> {
    ShuffledBatches(source: self, buffer: buffer, seed: seed ?? RandomSource.nextSeed())
  }
}

/// A data set whose samples are drawn from a buffer.
public struct ShuffledBatches<Source: BatchedDataset>: BatchedDataset {
  /// Where the samples come from.
  public let source: Source
  /// How many samples are held.
  public let buffer: Int
  /// What the order follows from.
  public let seed: UInt64

  public var batchCount: Int? { source.batchCount }

  public func makeBatches(pass: Int) throws -> any BatchIterator {
    guard buffer > 0 else {
      throw ModelError(.argument, "shuffled needs a buffer of at least 1 sample, received \(buffer)")
    }
    return Iterator(
      batches: try source.makeBatches(pass: pass), buffer: buffer, random: RandomSource(seed: seed).keyed(UInt64(pass)))
  }

  private struct Iterator: BatchIterator {
    var batches: any BatchIterator
    let buffer: Int
    let random: RandomSource
    var waiting: [Batch] = []
    /// The sizes of the batches that were read, which are those of the batches to come.
    var sizes: [Int] = []
    var drawn: UInt64 = 0

    mutating func next() throws -> Batch? {
      while waiting.count < max(buffer, sizes.first ?? 1), let batch = try batches.next() {
        try batch.check()
        sizes.append(batch.count)
        waiting += (0..<batch.count).map { batch[$0..<$0 + 1] }
      }
      guard !sizes.isEmpty else { return nil }
      var rows: [Batch] = []
      for _ in 0..<sizes.removeFirst() {
        let place = random.integer(below: min(buffer, waiting.count), at: drawn)
        drawn += 1
        rows.append(waiting[place])
        // The next that was read takes the place.
        let last = min(buffer, waiting.count - 1)
        waiting[place] = waiting[last]
        waiting.remove(at: last)
      }
      return try Batch.concatenated(rows)
    }
  }
}
