import DeepSwiftDatasets
import DeepSwiftEngine

/// HDF5, as far as Keras and h5py use it for weights: groups, data sets and attributes.
///
/// Reading takes in the tree of groups; the values of a data set are decoded when somebody asks for them. A file is taken as
/// hostile: every address, size and count in it is checked, and neither time nor memory grow beyond a small multiple of what
/// it really holds. Writing makes the same bytes of the same tree.
package enum HDF5 {
  /// The root group of a file, which stays mapped into memory for as long as one of its data sets lives.
  package static func read(_ path: String) throws -> HDF5Group {
    try read(Files.map(path), place: path)
  }

  /// `place` is the file's name in error messages. Whoever ignores checksums looks for faults behind them.
  package static func read(_ bytes: [UInt8], place: String, ignoringChecksums: Bool = false) throws -> HDF5Group {
    return try read(Storage(copying: bytes), range: 0..<bytes.count, place: place, ignoringChecksums: ignoringChecksums)
  }

  /// The file that lies in `range` of some memory, as a member of a zip file does; all of it without a range.
  package static func read(
    _ storage: Storage, range: Range<Int>? = nil, place: String, ignoringChecksums: Bool = false
  ) throws -> HDF5Group {
    let range = range ?? 0..<storage.byteCount
    let file = try HDF5File(storage, range: range, place: place, ignoresChecksums: ignoringChecksums)
    return try withExtendedLifetime(file) { try HDF5Tree(HDF5Reader(file)).root() }
  }

  /// Whether bytes begin as those of an HDF5 file do.
  package static func isHDF5(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: signature) }

  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

  /// The file of a tree, in the parts that it consists of: large tensors are among them as they are, not copied.
  package static func pieces(of root: HDF5Group, place: String) throws -> [FilePiece] {
    var writer = try HDF5Writer(root, place: place)
    return try writer.pieces()
  }

  /// The file of a tree as bytes.
  package static func write(_ root: HDF5Group, place: String = "HDF5 file") throws -> [UInt8] {
    let pieces = try pieces(of: root, place: place)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(pieces.reduce(0) { $0 + $1.count })
    for piece in pieces { piece.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// Writes a tree into a file, which is there whole or not at all.
  package static func write(_ root: HDF5Group, to path: String) throws {
    try Files.write(pieces(of: root, place: path), to: path)
  }
}
