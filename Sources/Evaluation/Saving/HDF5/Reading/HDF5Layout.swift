/// Where the elements of a data set lie.
enum HDF5Layout: Sendable {
  /// These bytes of the file.
  case whole(Range<Int>)
  /// Nowhere: nothing was ever written, each element has the fill value.
  case missing
  case chunks(HDF5ChunkLayout)
  /// In a way that is not read.
  case refused(String)

  init(_ message: HDF5Block, byteCount: Int, elementSize: Int) throws {
    var block = message
    let reader = block.reader
    let version = try block.expectVersion(1...4)
    if version < 3 {
      let rank = try block.integer(1), kind = try block.integer(1)
      _ = try block.take(5)
      let address = kind == 0 ? nil : try block.address()
      let lengths = try (0..<rank).map { _ in try block.integer(4) }
      switch kind {
      case 0: self = try .compact(&block, size: block.integer(4), byteCount)
      case 1: self = try .contiguous(address, byteCount, reader)
      case 2: self = try .chunks(HDF5ChunkLayout(lengths, .tree(address), reader, elementSize))
      default: self = .refused("is laid out in the unknown way \(kind)")
      }
      return
    }
    let kind = try block.integer(1)
    switch kind {
    case 0: self = try .compact(&block, size: block.integer(2), byteCount)
    case 1:
      let address = try block.address(), size = try block.length()
      guard address == nil || size >= byteCount else {
        throw reader.damaged("\(size) bytes are stored, its shape needs \(byteCount)")
      }
      self = try .contiguous(address, byteCount, reader)
    case 2 where version == 3:
      let rank = try block.integer(1)
      let address = try block.address()
      let lengths = try (0..<rank).map { _ in try block.integer(4) }
      self = try .chunks(HDF5ChunkLayout(lengths, .tree(address), reader, elementSize))
    case 2: self = try .chunks(HDF5ChunkLayout(indexed: &block, elementSize))
    case 3: self = .refused("is a virtual data set, made of others, which are not followed")
    default: self = .refused("is laid out in the unknown way \(kind)")
    }
  }

  private static func compact(_ block: inout HDF5Block, size: Int, _ byteCount: Int) throws -> HDF5Layout {
    guard size >= byteCount else {
      throw block.reader.damaged("\(size) bytes are stored, its shape needs \(byteCount)")
    }
    let start = block.position
    _ = try block.take(byteCount)
    return .whole(start..<start + byteCount)
  }

  private static func contiguous(_ address: Int?, _ byteCount: Int, _ reader: HDF5Reader) throws -> HDF5Layout {
    guard let address else { return .missing }
    guard byteCount <= reader.file.bytes.count - address else {
      throw reader.damaged("its \(byteCount) bytes at \(address) lie beyond the end of the file")
    }
    return .whole(address..<address + byteCount)
  }
}

/// How a data set is cut into chunks, and how these are found.
struct HDF5ChunkLayout: Sendable {
  enum Index: Sendable {
    /// A tree of version 1.
    case tree(Int?)
    case single(Int?, size: Int?, mask: Int)
    case implicit(Int?)
    case fixedArray(Int?)
    case extensibleArray(Int?)
    case tree2(Int?)
  }

  /// The lengths of a chunk along the axes of the data set.
  let lengths: [Int]
  let byteCount: Int
  let index: Index
  /// Whether chunks that reach beyond the end of the data set are not filtered.
  var leavesEdgesUnfiltered = false

  /// The last of the lengths is the size of an element.
  init(_ lengths: [Int], _ index: Index, _ reader: HDF5Reader, _ elementSize: Int) throws {
    guard lengths.count >= 2, lengths.count <= 33, lengths.allSatisfy({ $0 > 0 }), lengths.last == elementSize else {
      throw reader.damaged("it has chunks of \(lengths), and elements of \(elementSize) bytes")
    }
    byteCount = try checkedProduct(lengths, reader)
    self.lengths = lengths.dropLast()
    self.index = index
  }

  /// Version 4.
  init(indexed block: inout HDF5Block, _ elementSize: Int) throws {
    let flags = try block.integer(1), rank = try block.integer(1), width = try block.integer(1)
    guard (1...8).contains(width) else { throw block.reader.damaged("lengths of chunks have \(width) bytes") }
    let lengths = try (0..<rank).map { _ in try block.integer(width) }
    let kind = try block.integer(1)
    let index: Index
    switch kind {
    case 1:
      let isFiltered = flags & 2 != 0
      let size = isFiltered ? try block.length() : nil
      let mask = isFiltered ? try block.integer(4) : 0
      index = .single(try block.address(), size: size, mask: mask)
    case 2: index = .implicit(try block.address())
    case 3:
      _ = try block.take(1)
      index = .fixedArray(try block.address())
    case 4:
      _ = try block.take(5)
      index = .extensibleArray(try block.address())
    case 5:
      _ = try block.take(6)
      index = .tree2(try block.address())
    default: throw block.reader.unsupported("has an index of chunks of the unknown kind \(kind)")
    }
    try self.init(lengths, index, block.reader, elementSize)
    leavesEdgesUnfiltered = flags & 1 != 0
  }
}
