import DeepSwiftDatasets
import DeepSwiftEngine

/// The beginning of a file: how wide addresses and lengths are, and where the root group is.
struct HDF5Superblock: Sendable {
  var offsetSize: Int
  var lengthSize: Int
  /// What addresses count from.
  var base: Int
  /// Where the header of the root group begins.
  var root: Int

  init(_ bytes: UnsafeRawBufferPointer, place: String, ignoresChecksums: Bool) throws {
    // A user's own block may come first; its length is a power of two from 512.
    var start = 0
    while !bytes.dropFirst(start).starts(with: HDF5.signature) {
      start = max(512, start * 2)
      guard start < bytes.count else {
        throw ModelError(.file, at: place, "is not an HDF5 file. Choose another one, or write it again.")
      }
    }
    var position = start + 8
    func unsigned(_ width: Int) throws -> UInt64 {
      guard width <= bytes.count - position else {
        throw ModelError.damaged(place, "is cut off: it ends in its superblock at byte \(bytes.count)")
      }
      defer { position += width }
      return bytes[position..<position + width].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    func damaged(_ what: String) -> ModelError {
      ModelError.damaged(place, "is damaged: its superblock \(what)")
    }
    func address(_ width: Int) throws -> Int {
      guard let address = Int(exactly: try unsigned(width)), address <= bytes.count else {
        throw damaged("points beyond the end of the file")
      }
      return address
    }

    let version = try unsigned(1)
    guard version <= 3 else {
      throw ModelError(.file, at: place, "cannot be read: its superblock has version \(version), known are 0 to 3")
    }
    if version < 2 { _ = try unsigned(4) }
    let (offsetSize, lengthSize) = (Int(try unsigned(1)), Int(try unsigned(1)))
    guard [2, 4, 8].contains(offsetSize), [2, 4, 8].contains(lengthSize) else {
      throw damaged("has addresses of \(offsetSize) and lengths of \(lengthSize) bytes")
    }
    // Reserved, sizes of tree nodes that nodes tell themselves, flags; or flags alone.
    _ = try unsigned(1)
    if version < 2 { _ = try unsigned(8) }
    if version == 1 { _ = try unsigned(4) }
    let base = try address(offsetSize)
    _ = try unsigned(offsetSize)  // free space, or the extension, of which nothing is needed
    let end = try unsigned(offsetSize)
    guard end <= UInt64(bytes.count) else {
      throw ModelError.damaged(place, "is cut off: it should have \(end) bytes, found \(bytes.count)")
    }
    if version < 2 { _ = try (unsigned(offsetSize), unsigned(offsetSize)) }  // a driver; the root's name
    let root = try address(offsetSize)
    if version >= 2 {
      let checksum = lookup3(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
      guard try unsigned(4) == UInt64(checksum) || ignoresChecksums else { throw damaged("has a wrong checksum") }
    }
    let (sum, overflow) = root.addingReportingOverflow(base)
    guard !overflow, sum <= bytes.count else { throw damaged("points beyond the end of the file") }
    (self.offsetSize, self.lengthSize, self.base, self.root) = (offsetSize, lengthSize, base, sum)
  }
}
