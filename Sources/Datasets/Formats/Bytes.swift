import DeepSwiftEngine

/// A cursor over the bytes of a file. Whoever reads past the end gets an error that names the file.
package struct ByteReader {
  package let bytes: [UInt8]
  package var position: Int
  /// The file, for error messages.
  package let place: String

  package init(_ bytes: [UInt8], at position: Int = 0, place: String) {
    (self.bytes, self.position, self.place) = (bytes, position, place)
  }

  package var remaining: Int { bytes.count - position }

  /// The next `count` bytes.
  package mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard position >= 0, count >= 0, count <= remaining else {
      throw ModelError.damaged(place, "ends at byte \(bytes.count); \(count) bytes are missing at byte \(position)")
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  package mutating func take<Number: FixedWidthInteger>(littleEndian type: Number.Type) throws -> Number {
    try take(MemoryLayout<Number>.size).reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
  }

  package mutating func take<Number: FixedWidthInteger>(bigEndian type: Number.Type) throws -> Number {
    try take(MemoryLayout<Number>.size).reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
  }
}

extension Array where Element == UInt8 {
  package mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
