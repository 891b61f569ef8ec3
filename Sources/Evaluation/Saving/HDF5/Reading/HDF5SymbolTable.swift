/// The links of a group as old files keep them: a tree whose leaves are tables of names in a heap.
struct HDF5SymbolTable {
  private(set) var links: [HDF5Links.Link] = []
  private var names: HDF5Block

  init(tree: Int, heap: Int, _ reader: HDF5Reader) throws {
    let sizes = reader.file.superblock
    var header = try reader.block(at: heap, count: 8 + sizes.lengthSize * 2 + sizes.offsetSize, "a heap of names")
    try header.expect("HEAP")
    _ = try header.expectVersion(0...0)
    _ = try header.take(3)
    let size = try header.length()
    _ = try header.length()  // where free space begins
    names = try reader.block(at: header.neededAddress(), count: size, "a heap of names")
    try HDF5Tree1(kind: 0, keySize: sizes.lengthSize, reader).forEachChild(of: tree) { _, table in
      try readTable(at: table, reader)
    }
  }

  private mutating func readTable(at address: Int, _ reader: HDF5Reader) throws {
    var head = try reader.block(at: address, count: 8, "a table of names")
    try head.expect("SNOD")
    _ = try head.expectVersion(1...1)
    _ = try head.take(1)
    let count = try head.integer(2)
    let entrySize = reader.file.superblock.offsetSize * 2 + 24
    var table = try reader.block(at: address + 8, count: count * entrySize, "a table of names")
    for _ in 0..<count {
      let name = try self.name(at: table.integer(reader.file.superblock.offsetSize), reader)
      let object = try table.address()
      let cache = try table.integer(4)
      _ = try table.take(4)
      var scratch = try table.part(16)
      if cache == 2 {
        let path = try self.name(at: scratch.integer(4), reader)
        links.append(.init(name: name, target: .refused(HDF5Links.softLink(path))))
      } else if let object {
        links.append(.init(name: name, target: .object(object)))
      } else {
        throw reader.damaged("the name \"\(name.prefix(200))\" leads nowhere")
      }
    }
  }

  /// The characters up to the next zero.
  private func name(at offset: Int, _ reader: HDF5Reader) throws -> String {
    guard offset < names.range.count else { throw reader.damaged("a name lies outside of its heap, at \(offset)") }
    let start = names.range.lowerBound + offset
    guard let end = reader.file.bytes[start..<names.range.upperBound].firstIndex(of: 0) else {
      throw reader.damaged("a name in its heap has no end, at \(offset)")
    }
    try reader.pay(end - start, "a name")
    return String(decoding: reader.file.bytes[start..<end], as: UTF8.self)
  }
}

/// A tree of version 1: tables of names (kind 0) or chunks of data (kind 1) by key.
struct HDF5Tree1 {
  private let kind: Int
  private let keySize: Int
  private let reader: HDF5Reader

  init(kind: Int, keySize: Int, _ reader: HDF5Reader) {
    (self.kind, self.keySize, self.reader) = (kind, keySize, reader)
  }

  /// Calls `body` with the key before each child of the leaves, and the child's address.
  func forEachChild(of address: Int, _ body: (_ key: inout HDF5Block, _ child: Int) throws -> Void) throws {
    try visit(address, level: nil, body)
  }

  private func visit(_ address: Int, level: Int?, _ body: (inout HDF5Block, Int) throws -> Void) throws {
    let offsetSize = reader.file.superblock.offsetSize
    var head = try reader.block(at: address, count: 8 + 2 * offsetSize, "a tree")
    try head.expect("TREE")
    let (kind, found) = (try head.integer(1), try head.integer(1))
    guard kind == self.kind else { throw reader.damaged("a tree at byte \(address) has the kind \(kind)") }
    // Levels fall towards the leaves, so that no tree goes round in circles; libhdf5 stops at 64 of them.
    guard level.map({ $0 == found }) ?? (found < 64) else {
      throw reader.damaged("a tree at byte \(address) has the level \(found)")
    }
    let count = try head.integer(2)
    var entries = try reader.block(at: head.range.upperBound, count: count * (keySize + offsetSize), "a tree")
    for _ in 0..<count {
      var key = try entries.part(keySize)
      let child = try entries.neededAddress()
      if found == 0 { try body(&key, child) } else { try visit(child, level: found - 1, body) }
    }
  }
}
