import DeepSwiftEngine

/// The values of a data set that lie in a file.
struct HDF5StoredData: Sendable {
  let file: HDF5File
  let place: String
  let shape: [Int]
  /// The shape that it may grow to.
  let most: [Int?]
  let type: HDF5StoredType
  let byteCount: Int
  let layout: HDF5Layout
  let filters: HDF5Filters
  let fill: [UInt8]

  /// What a header describes.
  static func dataset(_ header: HDF5ObjectHeader, _ reader: HDF5Reader) throws -> HDF5Dataset {
    guard let space = header.first(.dataspace)?.body, let typeMessage = header.first(.datatype),
      let layoutMessage = header.first(.layout)
    else { throw reader.damaged("a data set lacks its shape or type") }
    let type = try HDF5StoredType(typeMessage)
    let dataspace = try HDF5Dataspace(space)
    let shape = dataspace.shape ?? [0]
    let byteCount = try checkedProduct(shape + [type.size], reader)
    // Strings of no length take no room, however many are claimed.
    guard try type.size > 0 || checkedProduct(shape, reader) <= reader.file.bytes.count else {
      throw reader.damaged("it claims the impossible size \(shape)")
    }
    let layout: HDF5Layout =
      if header.first(.externalFiles) != nil {
        .refused("keeps its values in another file, which is not followed")
      } else if case .unsupported = type.type {
        .missing
      } else {
        try HDF5Layout(layoutMessage.body, byteCount: byteCount, elementSize: type.size)
      }
    let data = HDF5StoredData(
      file: reader.file, place: reader.place, shape: shape, most: dataspace.most, type: type, byteCount: byteCount,
      layout: layout, filters: try header.first(.filters).map { try HDF5Filters($0.body) } ?? HDF5Filters(),
      fill: try fillValue(header, size: type.size))
    return HDF5Dataset(shape: shape, type: type.type, contents: .stored(data))
  }

  func withValues<Result>(_ body: (HDF5Values) throws -> Result) throws -> Result {
    try withExtendedLifetime(file) {
      let reader = HDF5Reader(file, place: place)
      func values(_ bytes: UnsafeRawBufferPointer) -> HDF5Values {
        HDF5Values(type, count: shape.reduce(1, *), bytes, place: place, heap: HDF5GlobalHeap(reader))
      }
      if case .unsupported = type.type { throw values(UnsafeRawBufferPointer(start: nil, count: 0)).refusal("numbers") }
      switch layout {
      case .refused(let reason): throw ModelError(.file, at: place, reason)
      case .whole(let range): return try body(values(UnsafeRawBufferPointer(rebasing: file.bytes[range])))
      case .missing:
        try allow(byteCount)
        return try filled().withUnsafeBytes { try body(values($0)) }
      case .chunks(let chunks):
        return try HDF5Chunks(self, chunks, reader).decoded().withUnsafeBytes { try body(values($0)) }
      }
    }
  }

  /// Refuses to make more out of nothing than the file's size allows.
  func allow(_ count: Int) throws {
    guard count <= file.allowance else {
      throw ModelError(
        .file, at: place, "claims \(count) bytes that are not stored, in a file of \(file.bytes.count) bytes")
    }
  }

  /// An array of fill values.
  func filled() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    guard fill.contains(where: { $0 != 0 }) else { return bytes }
    for i in bytes.indices { bytes[i] = fill[i % fill.count] }
    return bytes
  }

  private static func fillValue(_ header: HDF5ObjectHeader, size: Int) throws -> [UInt8] {
    var value: [UInt8] = []
    if var block = header.first(.fillValue)?.body {
      let version = try block.expectVersion(1...3)
      var isThere = true
      if version == 3 {
        isThere = try block.integer(1) & 0x20 != 0
      } else {
        _ = try block.take(2)
        isThere = try block.integer(1) != 0 || version == 1
      }
      if isThere { value = Array(try block.take(block.integer(4))) }
    } else if var block = header.first(.oldFillValue)?.body {
      value = Array(try block.take(block.integer(4)))
    }
    return value.count == size ? value : []
  }
}

extension HDF5Dataset {
  /// The bytes of the file that hold its values as they are, without chunks.
  var storedSize: Int {
    guard case .stored(let data) = contents, case .whole(let range) = data.layout else { return 0 }
    return range.count
  }
}
