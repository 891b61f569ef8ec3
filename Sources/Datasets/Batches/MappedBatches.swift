import DeepSwiftEngine

extension BatchedDataset {
  /// With each batch replaced by what `transform` makes of it.
  ///
  ///     let halved = images.map { batch in
  ///       var batch = batch
  ///       batch.sampleWeight = Tensor.full([batch.count], 0.5)
  ///       return batch
  ///     }
  public func map(_ transform: @escaping (Batch) throws -> Batch) -> MappedBatches<Self> {
    MappedBatches(source: self, transform: transform)
  }

  /// With samples and labels replaced by what `transform` makes of them; weights stay. For one input and at most one output.
  ///
  ///     let scaled = images.map { x, y in (x / 255, y) }
  public func map(_ transform: @escaping (_ x: Tensor, _ y: Tensor?) throws -> (x: Tensor, y: Tensor?)) -> MappedBatches<Self> {
    map { batch in
      guard batch.inputs.count == 1, batch.targets.count <= 1 else {
        throw ModelError(
          .argument,
          "map { x, y in … } needs one input and at most one target, the batch has \(batch.inputs.keys.sorted()) and "
            + "\(batch.targets.keys.sorted()); use map { batch in … }")
      }
      let (x, y) = try transform(batch.x, batch.y)
      return Batch(
        inputs: [batch.inputs.keys.first ?? "": x], targets: y.map { [batch.targets.keys.first ?? "": $0] } ?? [:],
        sampleWeight: batch.sampleWeight)
    }
  }
}

/// A data set whose batches are changed on their way.
public struct MappedBatches<Source: BatchedDataset>: BatchedDataset {
  /// Where the batches come from.
  public let source: Source
  let transform: (Batch) throws -> Batch

  public var batchCount: Int? { source.batchCount }

  public func makeBatches(pass: Int) throws -> any BatchIterator {
    Iterator(batches: try source.makeBatches(pass: pass), transform: transform)
  }

  private struct Iterator: BatchIterator {
    var batches: any BatchIterator
    let transform: (Batch) throws -> Batch

    mutating func next() throws -> Batch? { try batches.next().map(transform) }
  }
}
