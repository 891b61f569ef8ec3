import DeepSwiftDatasets
import DeepSwiftEngine

extension HDF5Type {
  /// Bytes that an element takes in the array.
  var writtenSize: Int {
    switch self {
    case .number(let format): format.size
    case .fixedString(let length), .opaque(let length): length
    case .variableString: 16
    case .unsupported: 0
    }
  }

  /// The type as a message, version 1, lowest byte first.
  func written(place: String) throws -> [UInt8] {
    switch self {
    case .number(.bool):
      return HDF5Type.head(8, [2, 0, 0], 1) + HDF5Type.integer(1, isSigned: true)
        + Array("FALSE\0\0\0TRUE\0\0\0\0".utf8) + [0, 1]
    case .number(.uint8): return HDF5Type.integer(1, isSigned: false)
    case .number(.uint16): return HDF5Type.integer(2, isSigned: false)
    case .number(.uint32): return HDF5Type.integer(4, isSigned: false)
    case .number(.uint64): return HDF5Type.integer(8, isSigned: false)
    case .number(.int8): return HDF5Type.integer(1, isSigned: true)
    case .number(.int16): return HDF5Type.integer(2, isSigned: true)
    case .number(.int32): return HDF5Type.integer(4, isSigned: true)
    case .number(.int64): return HDF5Type.integer(8, isSigned: true)
    case .number(.float16): return HDF5Type.float(2, exponent: 5, fraction: 10)
    case .number(.bfloat16): return HDF5Type.float(2, exponent: 8, fraction: 7)
    case .number(.float32): return HDF5Type.float(4, exponent: 8, fraction: 23)
    case .number(.float64): return HDF5Type.float(8, exponent: 11, fraction: 52)
    // Filled up with zeros, UTF-8.
    case .fixedString(let length): return HDF5Type.head(3, [0x11, 0, 0], length)
    // Strings, UTF-8, of unsigned bytes.
    case .variableString: return HDF5Type.head(9, [1, 1, 0], 16) + HDF5Type.integer(1, isSigned: false)
    case .opaque(let size): return HDF5Type.head(5, [0, 0, 0], size)
    case .unsupported(let kind): throw ModelError(.file, at: place, "holds \(kind), which cannot be written")
    }
  }

  private static func head(_ kind: UInt8, _ bits: [UInt8], _ size: Int) -> [UInt8] {
    var bytes = [0x10 | kind] + bits
    bytes.append(littleEndian: UInt32(truncatingIfNeeded: size))
    return bytes
  }

  private static func integer(_ size: Int, isSigned: Bool) -> [UInt8] {
    head(0, [isSigned ? 8 : 0, 0, 0], size) + [0, 0, UInt8(size * 8), 0]
  }

  /// The leading one of a fraction is not stored; the sign is the highest bit.
  private static func float(_ size: Int, exponent: UInt8, fraction: UInt8) -> [UInt8] {
    let bits = UInt8(size * 8)
    var bytes = head(1, [0x20, bits - 1, 0], size) + [0, 0, bits, 0, fraction, exponent, 0, fraction]
    bytes.append(littleEndian: UInt32(1) << UInt32(exponent - 1) - 1)
    return bytes
  }
}
