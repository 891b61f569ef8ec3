/// A heap in which new files keep many links or attributes: blocks in rows that double in size.
final class HDF5FractalHeap {
  private let reader: HDF5Reader
  private let address: Int
  private let idSize: Int
  private let hasChecksums: Bool
  private let width: Int
  private let startSize: Int
  private let mostDirect: Int
  private let offsetSize: Int
  private let lengthSize: Int
  /// Where objects too big for blocks are.
  private let hugeTree: Int?
  private lazy var huge = Result { try readHuge() }
  /// The direct blocks, in the order of their offsets.
  private var blocks: [(offset: Int, bytes: HDF5Block)] = []

  init(at address: Int, _ reader: HDF5Reader) throws {
    (self.reader, self.address) = (reader, address)
    let sizes = reader.file.superblock
    var header = try reader.block(at: address, count: 26 + sizes.offsetSize * 3 + sizes.lengthSize * 12, "a heap")
    try header.expect("FRHP")
    _ = try header.expectVersion(0...0)
    idSize = try header.integer(2)
    let filterSize = try header.integer(2)
    guard filterSize == 0 else { throw reader.unsupported("has a compressed heap of names") }
    hasChecksums = try header.integer(1) & 2 != 0
    let mostManaged = try header.integer(4)
    _ = try header.length()
    hugeTree = try header.address()
    _ = try header.take(sizes.lengthSize * 9 + sizes.offsetSize)  // free space, and how much there is of what
    width = try header.integer(2)
    startSize = try header.length()
    mostDirect = try header.length()
    let bits = try header.integer(2)
    _ = try header.integer(2)
    let root = try header.address()
    let rows = try header.integer(2)
    try header.expectChecksum()
    guard width > 0, startSize > 0, mostDirect >= startSize, mostDirect <= 1 << 40, bits > 0, bits <= 62, idSize >= 3 else {
      throw reader.damaged("a heap at byte \(address) has impossible sizes")
    }
    offsetSize = (bits + 7) / 8
    let log = { (number: Int) in Int.bitWidth - 1 - max(number, 1).leadingZeroBitCount }
    lengthSize = min((log(mostDirect) + 7) / 8, log(mostManaged) / 8 + 1)
    guard 1 + offsetSize + lengthSize <= idSize, lengthSize > 0 else {
      throw reader.damaged("a heap at byte \(address) has identifiers of \(idSize) bytes")
    }
    if let root {
      if rows == 0 { try readDirect(root, size: startSize) } else { try readIndirect(root, rows: rows, depth: 0) }
    }
    blocks.sort { $0.offset < $1.offset }
  }

  /// The object whose identifier comes next in a record.
  func object(_ record: inout HDF5Block) throws -> HDF5Block {
    var id = try record.part(idSize)
    let first = try id.integer(1)
    switch first >> 4 & 3 {
    case 0: return try managed(offset: id.integer(offsetSize), count: id.integer(lengthSize))
    case 1:
      let key = try id.integer(min(reader.file.superblock.lengthSize, idSize - 1))
      guard let place = try huge.get()[key] else { throw reader.damaged("a heap has no object \(key)") }
      return try reader.block(at: place.address, count: place.count, "an object in a heap")
    case 2:
      if idSize <= 18 { return try id.part(first & 15 + 1) }
      return try id.part(((first & 15) << 8 | id.integer(1)) + 1)
    default: throw reader.damaged("a heap has an object of an unknown kind")
    }
  }

  private func managed(offset: Int, count: Int) throws -> HDF5Block {
    // The last block that begins at or before the offset.
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { throw reader.damaged("a heap has nothing at \(offset)") }
    var block = blocks[low - 1].bytes
    _ = try block.take(offset - blocks[low - 1].offset)
    try reader.pay(count, "an object in a heap")
    return try block.part(count)
  }

  private func readDirect(_ address: Int, size: Int) throws {
    var block = try reader.block(at: address, count: size, "a heap")
    try block.expect("FHDB")
    let offset = try takeOwner(&block)
    if hasChecksums {
      // The checksum lies in the middle of what it covers, and counts as zeros there.
      let position = block.position - block.range.lowerBound
      let stored = try block.unsigned(4)
      var bytes = Array(reader.file.bytes[block.range])
      for i in 0..<4 { bytes[position + i] = 0 }
      guard bytes.withUnsafeBytes({ UInt64(lookup3($0)) }) == stored || reader.file.ignoresChecksums else {
        throw reader.damaged("the checksum of a heap at byte \(address) is wrong")
      }
    }
    block.position = block.range.lowerBound
    blocks.append((offset, block))
  }

  private func readIndirect(_ address: Int, rows: Int, depth: Int) throws {
    let addressSize = reader.file.superblock.offsetSize
    guard depth < 16, rows <= 64 else { throw reader.damaged("a heap at byte \(address) has \(rows) rows") }
    let size = 5 + addressSize + offsetSize + rows * width * addressSize + 4
    var block = try reader.block(at: address, count: size, "a heap")
    try block.expect("FHIB")
    _ = try takeOwner(&block)
    var direct: [(address: Int, size: Int)] = []
    var indirect: [(address: Int, rows: Int)] = []
    for row in 0..<rows {
      let (size, overflow) = startSize.multipliedReportingOverflow(by: 1 << max(0, row - 1))
      guard !overflow, row < 63 else { throw reader.damaged("a heap at byte \(address) has \(rows) rows") }
      for _ in 0..<width {
        guard let child = try block.address() else { continue }
        if size <= mostDirect {
          direct.append((child, size))
        } else {
          indirect.append((child, try rowCount(below: size)))
        }
      }
    }
    try block.expectChecksum()
    for child in direct { try readDirect(child.address, size: child.size) }
    for child in indirect { try readIndirect(child.address, rows: child.rows, depth: depth + 1) }
  }

  /// The number of rows in an indirect block that spans so many bytes.
  private func rowCount(below size: Int) throws -> Int {
    // Rows 0 to r together span width · start · 2^r.
    var (rows, span) = (1, startSize.multipliedReportingOverflow(by: width).partialValue)
    guard span > 0 else { throw reader.damaged("a heap at byte \(address) has impossible sizes") }
    while span < size, rows < 64 {
      span = span.multipliedReportingOverflow(by: 2).partialValue
      guard span > 0 else { throw reader.damaged("a heap at byte \(address) has impossible sizes") }
      rows += 1
    }
    return rows
  }

  /// What a block says: to which heap it belongs, and at which offset of it.
  private func takeOwner(_ block: inout HDF5Block) throws -> Int {
    _ = try block.expectVersion(0...0)
    guard try block.neededAddress() == address else { throw reader.damaged("a block belongs to another heap") }
    return try block.integer(offsetSize)
  }

  private func readHuge() throws -> [Int: (address: Int, count: Int)] {
    guard let hugeTree else { return [:] }
    let tree = try HDF5Tree2(at: hugeTree, reader)
    guard tree.kind == 1 else { throw reader.unsupported("has a heap whose big objects are indexed by kind \(tree.kind)") }
    var places: [Int: (address: Int, count: Int)] = [:]
    for var record in tree.records {
      let (address, count) = (try record.neededAddress(), try record.length())
      places[try record.length()] = (address, count)
    }
    return places
  }
}
