import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers

extension Normalization {
  /// Measures mean and variance of data that come in batches. Weights that are made from now on have them.
  public mutating func adapt(_ source: any BatchedDataset) throws {
    var batches = try source.makeBatches(), failure: (any Error)?
    let inputs = sequence(state: ()) { _ -> Tensor? in
      do {
        guard let batch = try batches.next() else { return nil }
        guard batch.inputs.count == 1 else {
          throw ModelError(.argument, at: "Normalization", "adapt needs batches of one input, received \(batch.inputs.count)")
        }
        return batch.inputs.values.first
      } catch {
        failure = error
        return nil
      }
    }
    var copy = self
    do { try copy.adapt(to: inputs) } catch { throw failure ?? error }
    if let failure { throw failure }
    self = copy
  }

  /// The layer with mean and variance of data that come in batches.
  public func adapted(to source: any BatchedDataset) throws -> Normalization {
    var copy = self
    try copy.adapt(source)
    return copy
  }
}
