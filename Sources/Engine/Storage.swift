import Foundation

/// A block of memory that tensors share until one of them is written to.
///
/// The address stays the same for as long as the block lives, so that a running program may read from it directly.
package final class Storage: @unchecked Sendable {
  package let bytes: UnsafeMutableRawPointer
  package let byteCount: Int
  private let release: (UnsafeMutableRawPointer) -> Void

  /// Memory that is not set to anything yet.
  package init(byteCount: Int) {
    self.byteCount = byteCount
    bytes = .allocate(byteCount: max(byteCount, 64), alignment: 64)
    release = { $0.deallocate() }
  }

  /// Memory that somebody else provides (a mapped file); `release` is called at the end.
  package init(bytes: UnsafeMutableRawPointer, byteCount: Int, release: @escaping (UnsafeMutableRawPointer) -> Void) {
    self.bytes = bytes
    self.byteCount = byteCount
    self.release = release
  }

  deinit { release(bytes) }
}
