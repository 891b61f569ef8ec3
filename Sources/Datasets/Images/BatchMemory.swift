import DeepSwiftEngine
import Synchronization

/// Memory for the batches of a pass, used again when nobody holds the batch any more.
///
/// Blocks of this size, allocated and freed by several threads, would be scattered over the heap until the process has a
/// multiple of what it needs.
final class BatchMemory: Sendable {
  private let byteCount: Int
  private let free = Mutex<[UInt]>([])

  init(byteCount: Int) { self.byteCount = byteCount }

  deinit {
    for block in free.withLock({ $0 }) { UnsafeMutableRawPointer(bitPattern: block)?.deallocate() }
  }

  /// A block, which comes back when its last tensor is gone.
  func storage() -> Storage {
    let block =
      free.withLock { $0.popLast() }.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
      ?? .allocate(byteCount: byteCount, alignment: 64)
    return Storage(bytes: block, byteCount: byteCount) { [self] block in
      free.withLock { $0.append(UInt(bitPattern: block)) }
    }
  }
}
