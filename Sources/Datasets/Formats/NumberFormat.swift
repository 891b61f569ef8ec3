import DeepSwiftEngine

/// How files store numbers. Each becomes the narrowest element type of a tensor that holds it: `uint8`, `int32`, `float32`.
package enum NumberFormat: Sendable {
  case bool, uint8, uint16, uint32, uint64
  case int8, int16, int32, int64
  case float16, bfloat16, float32, float64

  /// Bytes that one number takes.
  package var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }
}

extension NumberFormat {
  /// The type of a tensor that holds these numbers bit for bit.
  package var elementType: ElementType? {
    switch self {
    case .uint8: .uint8
    case .int32: .int32
    case .float32: .float32
    default: nil
    }
  }
}

/// The bytes that numbers of a shape take. A shape that no memory could hold is an error, even if one of its axes is empty.
package func byteCount(of shape: Shape, _ format: NumberFormat, place: String) throws -> Int {
  var size = format.size
  for length in shape.dimensions where length > 0 {
    let (product, overflow) = size.multipliedReportingOverflow(by: length)
    guard !overflow else { throw ModelError.damaged(place, "claims the impossible shape \(shape)") }
    size = product
  }
  return shape.dimensions.contains(0) ? 0 : size
}

extension Tensor {
  /// A tensor of numbers as a file stores them; `bytes` holds exactly `shape.count` of them.
  ///
  /// Integers beyond `int32` are an error.
  init(shape: Shape, _ format: NumberFormat, _ bytes: ArraySlice<UInt8>, isBigEndian: Bool, place: String) throws {
    self = try bytes.withUnsafeBytes {
      try Tensor(shape: shape, format, $0, isBigEndian: isBigEndian, place: place)
    }
  }

  /// The same from bytes anywhere in memory.
  package init(
    shape: Shape, _ format: NumberFormat, _ source: UnsafeRawBufferPointer, isBigEndian: Bool = false, place: String
  ) throws {
    precondition(source.count == shape.count * format.size)
    if !isBigEndian, let type = format.elementType {
      self.init(shape: shape, elementType: type) { $0.copyMemory(from: source) }
      return
    }

    /// The stored integer `number`, in the machine's order of bytes.
    @inline(__always)
    func native<Number: FixedWidthInteger>(_ number: Number) -> Number {
      isBigEndian ? Number(bigEndian: number) : Number(littleEndian: number)
    }
    /// A tensor of which `convert` makes each element out of a stored integer.
    @inline(__always)
    func tensor<Stored: FixedWidthInteger, Element: TensorElement>(
      _ type: Stored.Type, _ convert: (Stored) throws -> Element
    ) throws -> Tensor {
      try Tensor(shape: shape, elementType: Element.elementType) { target in
        let target = target.assumingMemoryBound(to: Element.self)
        for i in 0..<target.count {
          let stored = source.loadUnaligned(fromByteOffset: i * MemoryLayout<Stored>.size, as: Stored.self)
          target[i] = try convert(native(stored))
        }
      }
    }
    func int32(_ number: some FixedWidthInteger) throws -> Int32 {
      guard let fitting = Int32(exactly: number) else {
        throw ModelError(.file, at: place, "holds \(number), which does not fit into int32")
      }
      return fitting
    }

    switch format {
    case .bool: self = try tensor(UInt8.self) { $0 == 0 ? 0 : 1 as UInt8 }
    case .uint8: self = try tensor(UInt8.self) { $0 }
    case .uint16: self = try tensor(UInt16.self) { Int32($0) }
    case .uint32: self = try tensor(UInt32.self, int32)
    case .uint64: self = try tensor(UInt64.self, int32)
    case .int8: self = try tensor(UInt8.self) { Int32(Int8(bitPattern: $0)) }
    case .int16: self = try tensor(Int16.self) { Int32($0) }
    case .int32: self = try tensor(Int32.self) { $0 }
    case .int64: self = try tensor(Int64.self, int32)
    case .float16: self = try tensor(UInt16.self, floatOfHalf)
    case .bfloat16: self = try tensor(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .float32: self = try tensor(UInt32.self) { Float(bitPattern: $0) }
    case .float64: self = try tensor(UInt64.self) { Float(Double(bitPattern: $0)) }
    }
  }
}

/// The number that 16 bits of IEEE's half precision stand for; `Float16` does not exist on every machine.
package func floatOfHalf(_ bits: UInt16) -> Float {
  let sign: Float = bits >> 15 == 0 ? 1 : -1
  let exponent = Int(bits >> 10 & 31)
  let fraction = Float(bits & 1023)
  switch exponent {
  case 0: return sign * fraction * 0x1p-24
  case 31: return fraction == 0 ? sign * .infinity : .nan
  default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
  }
}
