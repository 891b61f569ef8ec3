import DeepSwiftDatasets

extension HDF5StoredType {
  /// A datatype message. What is not read is no error yet: many files have it where nobody looks.
  init(_ message: HDF5Message) throws {
    guard message.flags & 2 == 0 else {
      self.init(type: .unsupported("a named type"), size: 0)
      return
    }
    var block = message.body
    try self.init(&block)
  }

  init(_ block: inout HDF5Block, depth: Int = 0) throws {
    let reader = block.reader
    let head = try block.integer(1)
    guard (1...5).contains(head >> 4) else { throw reader.unsupported("has a type of version \(head >> 4)") }
    let bits = try block.integer(3)
    let size = try block.integer(4)
    self.init(type: .unsupported("a type of class \(head & 15)"), size: size, isBigEndian: bits & 1 != 0)
    switch head & 15 {
    case 0:
      let (offset, precision) = (try block.integer(2), try block.integer(2))
      type = HDF5StoredType.integer(size, isSigned: bits & 8 != 0, isWhole: offset == 0 && precision == size * 8)
    case 1:
      let layout = try [block.integer(2), block.integer(2)] + (0..<4).map { _ in try block.integer(1) } + [block.integer(4)]
      let sign = bits >> 8 & 0xff
      // The other bit of the byte order marks VAX.
      type = bits & 0x40 != 0 ? .unsupported("floating-point numbers of a VAX") : HDF5StoredType.float(size, sign, layout)
    case 3:
      guard let padding = HDF5Padding(rawValue: bits & 15) else { throw reader.unsupported("has strings of unknown padding") }
      type = .fixedString(size)
      self.padding = padding
    case 4: type = .unsupported("bit fields")
    case 5: type = .opaque(size)
    case 6: type = .unsupported("records of several fields")
    case 7: type = .unsupported("references")
    case 8:
      guard depth == 0 else { throw reader.damaged("an enumeration is one of enumerations") }
      let base = try HDF5StoredType(&block, depth: 1)
      guard base.size == size else { throw reader.damaged("an enumeration has \(size) bytes, its numbers \(base.size)") }
      isBigEndian = base.isBigEndian
      type = base.type
      if base.type == .number(.int8), try HDF5StoredType.isBool(&block, count: bits & 0xffff, version: head >> 4) {
        type = .number(.bool)
      }
    case 9: type = bits & 15 == 1 ? .variableString : .unsupported("lists of varying length")
    case 10: type = .unsupported("arrays in arrays")
    default: break
    }
    guard size > 0 || type == .fixedString(0) else { throw reader.damaged("elements have no size") }
    if type == .variableString, size != 8 + reader.file.superblock.offsetSize {
      throw reader.damaged("strings are stored in \(size) bytes")
    }
  }

  private static func integer(_ size: Int, isSigned: Bool, isWhole: Bool) -> HDF5Type {
    switch (size, isSigned) {
    case _ where !isWhole: .unsupported("integers of some of their \(size * 8) bits")
    case (1, false): .number(.uint8)
    case (2, false): .number(.uint16)
    case (4, false): .number(.uint32)
    case (8, false): .number(.uint64)
    case (1, true): .number(.int8)
    case (2, true): .number(.int16)
    case (4, true): .number(.int32)
    case (8, true): .number(.int64)
    default: .unsupported("integers of \(size) bytes")
    }
  }

  /// `layout`: offset and number of bits, place and number of those of the exponent, then of the fraction, bias.
  private static func float(_ size: Int, _ sign: Int, _ layout: [Int]) -> HDF5Type {
    switch (size, sign, layout) {
    case (2, 15, [0, 16, 10, 5, 0, 10, 15]): .number(.float16)
    case (2, 15, [0, 16, 7, 8, 0, 7, 127]): .number(.bfloat16)
    case (4, 31, [0, 32, 23, 8, 0, 23, 127]): .number(.float32)
    case (8, 63, [0, 64, 52, 11, 0, 52, 1023]): .number(.float64)
    default: .unsupported("floating-point numbers of \(size) bytes that are not IEEE's")
    }
  }

  /// Whether the members are FALSE = 0 and TRUE = 1.
  private static func isBool(_ block: inout HDF5Block, count: Int, version: Int) throws -> Bool {
    guard count == 2 else { return false }
    for name in ["FALSE", "TRUE"] {
      // Names end with a zero, and fill multiples of eight bytes in old versions.
      let length = name.utf8.count + 1
      guard try block.take(length).elementsEqual(Array(name.utf8) + [0]) else { return false }
      if version < 3 { _ = try block.take((8 - length % 8) % 8) }
    }
    return try block.take(2).elementsEqual([0, 1])
  }
}
