/// A tree of version 2, of which only the records matter here, not the order that makes it a tree.
struct HDF5Tree2 {
  let kind: Int
  private(set) var records: [HDF5Block] = []
  private let reader: HDF5Reader
  private let nodeSize: Int
  private let recordSize: Int
  /// Bytes that the number of records in a node takes, and, for each depth, in all nodes below.
  private var countSize = 0
  private var totalSizes: [Int] = [0]

  init(at address: Int, _ reader: HDF5Reader) throws {
    self.reader = reader
    let sizes = reader.file.superblock
    var header = try reader.block(at: address, count: 22 + sizes.offsetSize + sizes.lengthSize, "a tree")
    try header.expect("BTHD")
    _ = try header.expectVersion(0...0)
    kind = try header.integer(1)
    nodeSize = try header.integer(4)
    recordSize = try header.integer(2)
    let depth = try header.integer(2)
    _ = try header.take(2)  // when nodes are split and merged
    let root = try header.address()
    let count = try header.integer(2)
    let total = try header.length()
    try header.expectChecksum()
    guard recordSize > 0, nodeSize > 10 + recordSize, depth < 16 else {
      throw reader.damaged("a tree at byte \(address) has nodes of \(nodeSize) and records of \(recordSize) bytes")
    }
    measure(depth: depth)
    if let root { try visit(root, count: count, depth: depth) }
    guard records.count == total else {
      throw reader.damaged("a tree at byte \(address) has \(records.count) records, expected \(total)")
    }
  }

  /// How wide counts are follows from how many records fit into nodes.
  private mutating func measure(depth: Int) {
    var most = (nodeSize - 10) / recordSize
    countSize = bytes(for: most)
    for level in stride(from: 1, through: depth, by: 1) {
      let pointer = reader.file.superblock.offsetSize + countSize + totalSizes[level - 1]
      let here = max(0, (nodeSize - 10 - pointer) / (recordSize + pointer))
      most = (here + 1).multipliedReportingOverflow(by: most).partialValue &+ here
      totalSizes.append(bytes(for: most))
    }
  }

  private func bytes(for number: Int) -> Int { (Int.bitWidth - max(number, 1).leadingZeroBitCount + 7) / 8 }

  private mutating func visit(_ address: Int, count: Int, depth: Int) throws {
    let pointerSize = reader.file.superblock.offsetSize + countSize + (depth > 1 ? totalSizes[depth - 1] : 0)
    let size = 6 + count * recordSize + (depth > 0 ? (count + 1) * pointerSize : 0) + 4
    guard size <= nodeSize else { throw reader.damaged("a node of a tree at byte \(address) has \(count) records") }
    var node = try reader.block(at: address, count: size, "a tree")
    try node.expect(depth > 0 ? "BTIN" : "BTLF")
    _ = try node.expectVersion(0...0)
    guard try node.integer(1) == kind else { throw reader.damaged("a node at byte \(address) belongs to another tree") }
    for _ in 0..<count { records.append(try node.part(recordSize)) }
    var children: [(address: Int, count: Int)] = []
    if depth > 0 {
      for _ in 0...count {
        children.append((try node.neededAddress(), try node.integer(countSize)))
        if depth > 1 { _ = try node.take(totalSizes[depth - 1]) }
      }
    }
    try node.expectChecksum()
    for child in children { try visit(child.address, count: child.count, depth: depth - 1) }
  }
}
