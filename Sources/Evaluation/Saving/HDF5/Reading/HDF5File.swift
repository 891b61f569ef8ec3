import DeepSwiftEngine

/// The bytes of a file, and what its superblock says about all others.
final class HDF5File: @unchecked Sendable {
  /// Valid for as long as this object lives.
  let bytes: UnsafeRawBufferPointer
  /// The file in error messages.
  let place: String
  let superblock: HDF5Superblock
  let ignoresChecksums: Bool
  private let storage: Storage

  init(_ storage: Storage, range: Range<Int>, place: String, ignoresChecksums: Bool = false) throws {
    guard range.lowerBound >= 0, range.upperBound <= storage.byteCount else {
      throw ModelError(.file, at: place, "lies beyond the end of the file that it is part of")
    }
    self.storage = storage
    self.place = place
    self.ignoresChecksums = ignoresChecksums
    bytes = UnsafeRawBufferPointer(start: storage.bytes + range.lowerBound, count: range.count)
    superblock = try HDF5Superblock(bytes, place: place, ignoresChecksums: ignoresChecksums)
  }

  /// What may be made out of nothing, on the file's word alone: values that are not stored, strings that share bytes.
  var allowance: Int { bytes.count.multipliedReportingOverflow(by: 4).partialValue.magnitudeClamped + 1 << 20 }
}

extension Int {
  /// Never negative, and far enough from the end that a few megabytes can be added.
  fileprivate var magnitudeClamped: Int { self < 0 ? Int.max / 2 : Swift.min(self, Int.max / 2) }
}
