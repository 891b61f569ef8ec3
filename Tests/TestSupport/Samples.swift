@testable import DeepSwiftEngine

/// Samples in memory and a batch that points at them.
package final class Samples {
  package private(set) var batch = Batch()
  private let tensors: [Tensor]
  private let sources: UnsafeMutablePointer<Source>
  private let order: UnsafeMutablePointer<Int32>

  /// - Parameter tensors: one for each input of a program, their first axis counting the samples.
  package init(_ tensors: [Tensor], order picked: [Int]? = nil) {
    self.tensors = tensors
    let picked = picked ?? Array(0..<(tensors.first?.shape[0] ?? 1))
    sources = .allocate(capacity: max(tensors.count, 1))
    for (index, tensor) in tensors.enumerated() { (sources + index).initialize(to: Source(tensor)) }
    order = .allocate(capacity: picked.count)
    for (index, sample) in picked.enumerated() { order[index] = Int32(sample) }
    batch.sources = sources
    batch.order = UnsafePointer(order)
    batch.rows = picked.count
  }

  package convenience init(_ data: [[Float]], _ shapes: [Shape], rows: Int) {
    self.init(zip(data, shapes).map { Tensor($0, shape: Shape([rows] + $1.dimensions)) }, order: Array(0..<rows))
  }

  deinit {
    sources.deallocate()
    order.deallocate()
  }

  /// The same samples in another step.
  package func batch(number: UInt32 = 0, learningRate: Float = 0, iteration: Int = 0, seed: UInt32 = 0) -> Batch {
    var batch = batch
    (batch.number, batch.learningRate, batch.iteration, batch.seed) = (number, learningRate, iteration, seed)
    return batch
  }
}

extension Program {
  /// Copies of an output's rows.
  package func outputs(_ index: Int, rows: Int, of node: Node) -> [Float] {
    Array(UnsafeBufferPointer(start: output(index), count: rows * node.shape.count))
  }
}
