import DeepSwiftEngine

extension Tensor {
  /// The array in an IDX file, the format of MNIST, plain or gzipped.
  ///
  /// Unsigned bytes stay `uint8`, other integers become `int32`, floating-point numbers `float32`.
  public init(idx path: String) throws { try self.init(idxBytes: readUnpacked(path), place: path) }

  /// `place` is the file's name in error messages.
  package init(idxBytes bytes: [UInt8], place: String) throws {
    var reader = ByteReader(bytes, place: place)
    let magic = Array(bytes.prefix(4))
    guard magic.count == 4, magic[0] == 0, magic[1] == 0, let type = IDXType(rawValue: magic[2]) else {
      throw ModelError.damaged(
        place, "is not an IDX file: it begins with \(hexadecimal(magic)), expected 00 00, a type and a rank")
    }
    _ = try reader.take(4)
    let shape = Shape(try (0..<magic[3]).map { _ in Int(try reader.take(bigEndian: UInt32.self)) })
    let expected = try byteCount(of: shape, type.format, place: place)
    guard reader.remaining == expected else {
      let fault = reader.remaining < expected ? "is cut off" : "is too long"
      throw ModelError.damaged(place, "\(fault): shape \(shape) takes \(expected) bytes, found \(reader.remaining)")
    }
    self = try Tensor(shape: shape, type.format, bytes[reader.position...], isBigEndian: true, place: place)
  }
}

private enum IDXType: UInt8 {
  case uint8 = 8, int8 = 9
  case int16 = 0x0b, int32, float32, float64

  var format: NumberFormat {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .float32: .float32
    case .float64: .float64
    }
  }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { String($0 / 16, radix: 16) + String($0 % 16, radix: 16) }.joined(separator: " ")
}
