import DeepSwiftDatasets
import DeepSwiftEngine

/// The elements of an array, as they lie in a file or in memory.
struct HDF5Values {
  let type: HDF5StoredType
  let count: Int
  /// `count` elements.
  let bytes: UnsafeRawBufferPointer
  let place: String
  /// Where the characters of variable strings are looked up.
  let heap: HDF5GlobalHeap?

  init(
    _ type: HDF5StoredType, count: Int, _ bytes: UnsafeRawBufferPointer, place: String, heap: HDF5GlobalHeap?
  ) {
    (self.type, self.count, self.bytes, self.place, self.heap) = (type, count, bytes, place, heap)
  }

  func integers() throws -> [Int64] {
    guard case .number(let format) = type.type else { throw refusal("integers") }
    switch format {
    case .bool, .uint8: return bytes.map { Int64($0) }
    case .int8: return bytes.map { Int64(Int8(bitPattern: $0)) }
    case .uint16: return try integers(UInt16.self)
    case .uint32: return try integers(UInt32.self)
    case .uint64: return try integers(UInt64.self)
    case .int16: return try integers(Int16.self)
    case .int32: return try integers(Int32.self)
    case .int64: return try integers(Int64.self)
    case .float16, .bfloat16, .float32, .float64: throw refusal("integers")
    }
  }

  func doubles() throws -> [Double] {
    guard case .number(let format) = type.type else { throw refusal("numbers") }
    switch format {
    case .float16: return try stored(UInt16.self).map { Double(floatOfHalf($0)) }
    case .bfloat16: return try stored(UInt16.self).map { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .float32: return try stored(UInt32.self).map { Double(Float(bitPattern: $0)) }
    case .float64: return try stored(UInt64.self).map { Double(bitPattern: $0) }
    default: return try integers().map(Double.init)
    }
  }

  func strings() throws -> [String] {
    switch type.type {
    case .fixedString(let length):
      guard length > 0 else { return [String](repeating: "", count: count) }
      return (0..<count).map { text(bytes[$0 * length..<($0 + 1) * length]) }
    case .variableString:
      guard let heap else { throw refusal("strings") }
      return try (0..<count).map { try heap.string(bytes[$0 * type.size..<($0 + 1) * type.size]) }
    default: throw refusal("strings")
    }
  }

  /// An error that says what there is instead of what was asked for.
  func refusal(_ wanted: String) -> ModelError {
    if case .unsupported(let kind) = type.type {
      return ModelError(.file, at: place, "holds \(kind); numbers, truth values and strings can be read")
    }
    return ModelError(.file, at: place, "holds \(type.type), expected \(wanted)")
  }

  private func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    switch type.padding {
    case .terminator: return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    case .zeros:
      let end = bytes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? bytes.startIndex
      return String(decoding: bytes[..<end], as: UTF8.self)
    case .blanks:
      let end = bytes.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? bytes.startIndex
      return String(decoding: bytes[..<end], as: UTF8.self)
    }
  }

  private func stored<Number: FixedWidthInteger>(_ kind: Number.Type) throws -> [Number] {
    (0..<count).map {
      let number = bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self)
      return type.isBigEndian ? Number(bigEndian: number) : Number(littleEndian: number)
    }
  }

  private func integers<Number: FixedWidthInteger>(_ kind: Number.Type) throws -> [Int64] {
    try stored(kind).map {
      guard let number = Int64(exactly: $0) else {
        throw ModelError(.file, at: place, "holds \($0), which does not fit into int64")
      }
      return number
    }
  }
}
