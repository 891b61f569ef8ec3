/// Attributes as a file keeps them: in the object's header or, where they are many, in a heap.
enum HDF5StoredAttribute {
  static func messages(of header: HDF5ObjectHeader, _ reader: HDF5Reader) throws -> [HDF5Message] {
    var messages = header.all(.attribute)
    guard var info = header.first(.attributeInfo)?.body else { return messages }
    _ = try info.expectVersion(0...0)
    if try info.integer(1) & 1 != 0 { _ = try info.take(2) }
    guard let heapAddress = try info.address() else { return messages }
    let heap = try HDF5FractalHeap(at: heapAddress, reader)
    let tree = try HDF5Tree2(at: info.neededAddress(), reader)
    guard tree.kind == 8 else { throw reader.damaged("attributes are indexed by a tree of kind \(tree.kind)") }
    for var record in tree.records {
      let body = try heap.object(&record)
      messages.append(HDF5Message(kind: .attribute, flags: try record.integer(1), body: body))
    }
    return messages
  }

  static func read(_ message: HDF5Message, _ heap: HDF5GlobalHeap) throws -> (name: String, value: HDF5Attribute) {
    var block = message.body
    let reader = block.reader
    guard message.flags & 2 == 0 else { throw reader.unsupported("shares an attribute with other objects") }
    let version = try block.expectVersion(1...3)
    let flags = try block.integer(1)
    let sizes = (name: try block.integer(2), type: try block.integer(2), space: try block.integer(2))
    if version == 3 { _ = try block.take(1) }  // ASCII or UTF-8
    /// The next part; in version 1 parts fill multiples of eight bytes.
    func part(_ size: Int) throws -> HDF5Block {
      let part = try block.part(size)
      if version == 1 { _ = try block.take((8 - size % 8) % 8) }
      return part
    }
    var nameBlock = try part(sizes.name)
    let name = try nameBlock.text(sizes.name)
    var typeBlock = try part(sizes.type)
    let spaceBlock = try part(sizes.space)
    if version > 1, flags & 3 != 0 { return (name, .unsupported("a named type")) }

    let type = try HDF5StoredType(&typeBlock)
    if case .unsupported(let kind) = type.type { return (name, .unsupported(kind)) }
    guard let shape = try HDF5Dataspace(spaceBlock).shape else { return (name, .empty) }
    let byteCount = try checkedProduct(shape + [type.size], reader)
    let count = try checkedProduct(shape, reader)
    if type.size == 0 {
      // Strings of no length take no room, however many are claimed.
      guard count <= reader.file.bytes.count else { throw reader.damaged("an attribute claims \(count) empty strings") }
    }
    let values = HDF5Values(
      type, count: count, try block.take(byteCount), place: "\(reader.place), attribute \"\(name.prefix(200))\"", heap: heap)
    return (name, try value(of: values, isScalar: shape.isEmpty))
  }

  private static func value(of values: HDF5Values, isScalar: Bool) throws -> HDF5Attribute {
    switch values.type.type {
    case .fixedString, .variableString:
      let strings = try values.strings()
      return isScalar ? .string(strings[0]) : .strings(strings)
    case .number(.float16), .number(.bfloat16), .number(.float32), .number(.float64):
      let floats = try values.doubles()
      return isScalar ? .float(floats[0]) : .floats(floats)
    case .number(.uint64):
      guard let integers = try? values.integers() else { return .unsupported("integers beyond int64") }
      return isScalar ? .integer(integers[0]) : .integers(integers)
    case .number:
      let integers = try values.integers()
      return isScalar ? .integer(integers[0]) : .integers(integers)
    case .opaque: return .unsupported("opaque bytes")
    case .unsupported(let kind): return .unsupported(kind)
    }
  }
}
