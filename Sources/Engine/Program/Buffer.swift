/// A piece of memory that a plan speaks of before it has an address.
public struct Buffer: Hashable, Sendable {
  let index: Int
}

/// How many floats a buffer has for each row, shard, worker, or altogether.
public enum Extent {
  /// One piece for each sample of the batch.
  case perRow(Int)
  /// One for each shard of the batch: sums over rows.
  case perShard(Int)
  /// One for each worker: scratch.
  case perWorker(Int)
  /// One for all.
  case once(Int)
  /// Memory that lies elsewhere for good: a parameter's values, its gradient, an optimizer's slot.
  case fixed(UnsafeMutablePointer<Float>, count: Int)
}

/// Where a buffer lies: an address and three strides, of which at most one is not zero. A buffer that lives only within
/// one segment gets a worker stride instead of a row stride, and so stays in that worker's cache.
struct View {
  var base: UnsafeMutablePointer<Float>
  var row = 0, shard = 0, worker = 0
}
