@testable import DeepSwiftEngine

/// Samples in memory, for a program to run on.
package final class Samples {
  private let tensors: [Tensor]
  private let sources: UnsafeMutablePointer<Source>
  private let order: UnsafeMutablePointer<Int32>
  private let rows: Int

  /// - Parameters:
  ///   - tensors: one for each input of a program, their first axis counting the samples.
  ///   - picked: which samples make the batch; all by default.
  package init(_ tensors: [Tensor], order picked: [Int]? = nil) {
    self.tensors = tensors
    let picked = picked ?? Array(0..<(tensors.first?.shape[0] ?? 1))
    rows = picked.count
    sources = .allocate(capacity: max(tensors.count, 1))
    for (index, tensor) in tensors.enumerated() { (sources + index).initialize(to: Source(tensor)) }
    order = .allocate(capacity: rows)
    for (index, sample) in picked.enumerated() { order[index] = Int32(sample) }
  }

  package convenience init(_ data: [[Float]], _ shapes: [Shape], rows: Int) {
    self.init(zip(data, shapes).map { Tensor($0, shape: Shape([rows] + $1.dimensions)) }, order: Array(0..<rows))
  }

  deinit {
    sources.deallocate()
    order.deallocate()
  }

  fileprivate func batch(_ number: UInt32, _ learningRate: Float, _ seed: UInt32) -> StepInput {
    var batch = StepInput()
    (batch.sources, batch.order, batch.rows) = (sources, UnsafePointer(order), rows)
    (batch.number, batch.iteration, batch.learningRate, batch.seed) = (number, Int(number), learningRate, seed)
    return batch
  }
}

extension Program {
  /// Runs once on the samples, as step `number`.
  package func run(on samples: Samples, number: UInt32 = 0, learningRate: Float = 0, seed: UInt32 = 0) {
    // A batch holds bare addresses.
    withExtendedLifetime(samples) { run(samples.batch(number, learningRate, seed)) }
  }

  /// Copies of an output's rows.
  package func outputs(_ index: Int, rows: Int, of node: Node) -> [Float] {
    Array(UnsafeBufferPointer(start: output(index), count: rows * node.shape.count))
  }
}
