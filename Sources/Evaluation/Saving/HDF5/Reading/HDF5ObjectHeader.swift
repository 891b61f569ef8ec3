/// One fact about an object: its shape, its type, where its values are, a link, an attribute.
struct HDF5Message {
  enum Kind: Int {
    case dataspace = 1, linkInfo, datatype, oldFillValue, fillValue, link, externalFiles, layout
    case groupInfo = 10, filters, attribute
    case continuation = 16, symbolTable
    case attributeInfo = 21
  }

  var kind: Kind
  var flags: Int
  var body: HDF5Block
}

/// The messages that describe a group or data set.
struct HDF5ObjectHeader {
  private(set) var messages: [HDF5Message] = []
  private var continuations: [(address: Int, count: Int)] = []

  init(at address: Int, _ reader: HDF5Reader) throws {
    var prefix = try reader.block(at: address, count: min(16, reader.file.bytes.count - address), "an object header")
    let isNew = try prefix.take(4).elementsEqual("OHDR".utf8)
    prefix.position = prefix.range.lowerBound
    if isNew { try readNew(at: address, reader) } else { try readOld(&prefix, reader) }
  }

  func first(_ kind: HDF5Message.Kind) -> HDF5Message? { messages.first { $0.kind == kind } }

  func all(_ kind: HDF5Message.Kind) -> [HDF5Message] { messages.filter { $0.kind == kind } }

  /// Version 1.
  private mutating func readOld(_ prefix: inout HDF5Block, _ reader: HDF5Reader) throws {
    _ = try prefix.expectVersion(1...1)
    _ = try prefix.take(7)  // reserved, how many messages, how many links to the object
    let size = try prefix.integer(4)
    _ = try prefix.take(4)
    try takeMessages(of: reader.block(at: prefix.position, count: size, "an object header"), isNew: false, hasOrder: false)
    var next = 0
    while next < continuations.count {
      let (address, count) = continuations[next]
      next += 1
      try takeMessages(of: reader.block(at: address, count: count, "an object header"), isNew: false, hasOrder: false)
    }
  }

  /// Version 2.
  private mutating func readNew(at address: Int, _ reader: HDF5Reader) throws {
    let rest = reader.file.bytes.count - address
    var prefix = try reader.block(at: address, count: min(34, rest), "an object header")
    try prefix.expect("OHDR")
    _ = try prefix.expectVersion(2...2)
    let flags = try prefix.integer(1)
    if flags & 0x20 != 0 { _ = try prefix.take(16) }  // times
    if flags & 0x10 != 0 { _ = try prefix.take(4) }  // when attributes move into a heap
    let size = try prefix.integer(1 << (flags & 3))
    guard size <= rest else { throw reader.damaged("an object header at byte \(address) has \(size) bytes") }
    let start = prefix.position - address
    var block = try reader.block(at: address, count: min(start + size + 4, rest), "an object header")
    _ = try block.take(start)
    let messages = try block.part(size)
    try block.expectChecksum()
    try takeMessages(of: messages, isNew: true, hasOrder: flags & 4 != 0)
    var next = 0
    while next < continuations.count {
      var block = try reader.block(at: continuations[next].address, count: continuations[next].count, "an object header")
      next += 1
      try block.expect("OCHK")
      let messages = try block.part(block.remaining - 4)
      try block.expectChecksum()
      try takeMessages(of: messages, isNew: true, hasOrder: flags & 4 != 0)
    }
  }

  private mutating func takeMessages(of block: HDF5Block, isNew: Bool, hasOrder: Bool) throws {
    var block = block
    let headSize = isNew ? (hasOrder ? 6 : 4) : 8
    // Less than a head is a gap.
    while block.remaining >= headSize {
      let number = try block.integer(isNew ? 1 : 2)
      let size = try block.integer(2)
      let flags = try block.integer(1)
      _ = try block.take(headSize - (isNew ? 4 : 5))
      var body = try block.part(size)
      guard let kind = HDF5Message.Kind(rawValue: number) else {
        if flags & 0x80 != 0 {
          throw block.reader.unsupported("has a message of the unknown kind \(number), which readers must understand")
        }
        continue
      }
      if kind == .continuation {
        let address = try body.neededAddress(), count = try body.length()
        guard !continuations.contains(where: { $0.address == address }), continuations.count < 4096 else {
          throw block.reader.damaged("an object header goes on in circles at byte \(address)")
        }
        continuations.append((address, count))
      } else {
        messages.append(HDF5Message(kind: kind, flags: flags, body: body))
      }
    }
  }
}
