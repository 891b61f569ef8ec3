import DeepSwiftEngine

/// Batches in the form in which programs read them: where samples lie, and which of them.
protocol Feed: AnyObject {
  /// Batches of a pass, if that is known.
  var stepCount: Int? { get }
  /// The most rows that a batch will have.
  var batchSize: Int { get }
  /// What tells the data from others.
  var signature: DataSignature { get }
  /// Begins to read the data from the start, for the `pass`-th time from 0, in an order that follows from `key`.
  func begin(pass: Int, key: UInt64) throws
  /// Leaves out the next batches.
  func skip(_ batches: Int) throws
  /// Points `batch` at the next samples; `false` when the pass is over. What it points at is valid until the next call.
  func next(_ batch: inout StepInput) throws -> Bool
}

extension Feed {
  func missingBatches(_ batches: Int) -> ModelError {
    ModelError(
      .argument, "a backup was made behind \(batches) batches of a pass, and the data have fewer. Give the data of then.")
  }
}

/// Batches of samples that lie in memory: only indices are shuffled, and every pass reads the tensors where they are.
final class ArrayFeed: Feed {
  let batchSize: Int
  private let tensors: [Tensor]
  private let count: Int
  private let shuffles: Bool
  private let sources: UnsafeMutablePointer<Source>
  private let order: UnsafeMutablePointer<Int32>
  private var position = 0

  init(_ tensors: [Tensor], count: Int, batchSize: Int, shuffles: Bool = false) {
    self.tensors = tensors
    self.count = count
    self.batchSize = min(batchSize, count)
    self.shuffles = shuffles
    sources = .allocate(capacity: max(tensors.count, 1))
    for (index, tensor) in tensors.enumerated() { (sources + index).initialize(to: Source(tensor)) }
    order = .allocate(capacity: max(count, 1))
    for index in 0..<count { order[index] = Int32(index) }
  }

  deinit {
    sources.deallocate()
    order.deallocate()
  }

  var stepCount: Int? { (count + batchSize - 1) / batchSize }

  var signature: DataSignature {
    DataSignature(
      samples: count, batchSize: batchSize, batches: stepCount, shuffles: shuffles, content: DataSignature.content(of: tensors))
  }

  func begin(pass: Int, key: UInt64) {
    position = 0
    guard shuffles else { return }
    let permutation = RandomSource(seed: key).permutation(count)
    for index in 0..<count { order[index] = permutation[index] }
  }

  func skip(_ batches: Int) throws {
    let (samples, overflow) = batches.multipliedReportingOverflow(by: batchSize)
    guard !overflow, batches >= 0, samples < count + batchSize else { throw missingBatches(batches) }
    position = min(position + samples, count)
  }

  func next(_ batch: inout StepInput) -> Bool {
    guard position < count else { return false }
    batch.sources = sources
    batch.order = UnsafePointer(order + position)
    batch.rows = min(batchSize, count - position)
    position += batch.rows
    return true
  }
}
