import Foundation

/// A block of memory that tensors share until one of them is written to.
///
/// The address stays the same for as long as the block lives, so that a running program may read from it directly.
package final class Storage: @unchecked Sendable {
  package let bytes: UnsafeMutableRawPointer
  package let byteCount: Int
  /// Whether the memory is somebody else's: a tensor copies it before it writes.
  package let isBorrowed: Bool
  private let release: (UnsafeMutableRawPointer) -> Void

  /// Memory that is not set to anything yet. Large blocks ask for pages of 2 MB, where the system grants them: a training
  /// reads a data set in shuffled order, so that with small pages nearly every sample would need a new one.
  package init(byteCount: Int) {
    self.byteCount = byteCount
    let page = 2 << 20, isLarge = byteCount >= 4 * page
    let room = isLarge ? (byteCount + page - 1) / page * page : max(byteCount, 64)
    bytes = .allocate(byteCount: room, alignment: isLarge ? page : 64)
    if isLarge { madvise(bytes, room, MADV_HUGEPAGE) }
    isBorrowed = false
    release = { $0.deallocate() }
  }

  /// Memory with these bytes in it.
  package convenience init(copying bytes: [UInt8]) {
    self.init(byteCount: bytes.count)
    self.bytes.copyMemory(from: bytes, byteCount: bytes.count)
  }

  /// Memory that somebody else provides (a mapped file); `release` is called at the end.
  package init(bytes: UnsafeMutableRawPointer, byteCount: Int, release: @escaping (UnsafeMutableRawPointer) -> Void) {
    self.bytes = bytes
    self.byteCount = byteCount
    isBorrowed = true
    self.release = release
  }

  /// A stretch of another block, which stays alive as long as this one.
  package convenience init(_ range: Range<Int>, of whole: Storage) {
    precondition(range.lowerBound >= 0 && range.upperBound <= whole.byteCount, "bytes \(range) of \(whole.byteCount)")
    self.init(bytes: whole.bytes + range.lowerBound, byteCount: range.count) { _ in withExtendedLifetime(whole) {} }
  }

  deinit { release(bytes) }
}
