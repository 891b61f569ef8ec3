import Foundation

/// A block of floats that is taken once and handed out in pieces.
final class Memory {
  let base: UnsafeMutablePointer<Float>
  private let capacity: Int
  private var used = 0

  /// Zeros. Large blocks ask for pages of 2 MB, where the system grants them: activations and weights are tens of
  /// megabytes, walked through from end to end.
  init(floats: Int) {
    let page = 2 << 20
    capacity = Self.rounded(Swift.max(floats, 1))
    let isLarge = capacity * 4 >= page
    let bytes = isLarge ? (capacity * 4 + page - 1) / page * page : capacity * 4
    guard let memory = aligned_alloc(isLarge ? page : 128, bytes) else {
      fatalError("the system has no \(bytes >> 20) MB left for a model's memory; use a smaller batch or model")
    }
    if isLarge { madvise(memory, bytes, MADV_HUGEPAGE) }
    memset(memory, 0, bytes)
    base = memory.bindMemory(to: Float.self, capacity: bytes / 4)
  }

  deinit { free(base) }

  /// A multiple of a cache line, so that two workers never write into one.
  static func rounded(_ count: Int) -> Int { (count + 31) / 32 * 32 }

  func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    defer { used += Self.rounded(count) }
    precondition(used + Self.rounded(count) <= capacity, "a block of \(capacity) floats is used up")
    return base + used
  }
}
