import DeepSwiftDatasets
import DeepSwiftEngine

/// An array in an HDF5 file. Its values stay there until one of the functions asks for them.
package struct HDF5Dataset: Sendable {
  package let shape: [Int]
  package let type: HDF5Type
  package var attributes: [String: HDF5Attribute] = [:]
  let contents: Contents

  enum Contents: Sendable {
    case stored(HDF5StoredData)
    case tensor(Tensor)
    case bytes([UInt8])
    case strings([String])
  }

  init(shape: [Int], type: HDF5Type, contents: Contents) {
    (self.shape, self.type, self.contents) = (shape, type, contents)
  }

  package var count: Int { shape.reduce(1, *) }
}

// MARK: - Reading

extension HDF5Dataset {
  /// The values as a tensor: bytes and truth values as `uint8`, other integers as `int32` (beyond its range they are an
  /// error), floating-point numbers as `float32`.
  package func tensor() throws -> Tensor {
    if case .tensor(let tensor) = contents { return tensor }
    return try values { values in
      guard case .number(let format) = type else { throw values.refusal("numbers") }
      return try Tensor(
        shape: Shape(shape), format, values.bytes, isBigEndian: values.type.isBigEndian, place: values.place)
    }
  }

  package func floats() throws -> [Float] { try tensor().floats }

  package func integers() throws -> [Int64] { try values { try $0.integers() } }

  package func strings() throws -> [String] {
    if case .strings(let strings) = contents { return strings }
    return try values { try $0.strings() }
  }

  /// The elements as they lie in the file.
  package func bytes() throws -> [UInt8] { try values { Array($0.bytes) } }

  private func values<Result>(_ body: (HDF5Values) throws -> Result) throws -> Result {
    switch contents {
    case .stored(let stored): return try stored.withValues(body)
    case .tensor(let tensor): return try tensor.withUnsafeBytes { try body(inMemory($0)) }
    case .bytes(let bytes): return try bytes.withUnsafeBytes { try body(inMemory($0)) }
    case .strings: throw ModelError(.file, "an array of strings was asked for numbers or bytes")
    }
  }

  private func inMemory(_ bytes: UnsafeRawBufferPointer) -> HDF5Values {
    let size =
      switch type {
      case .number(let format): format.size
      case .fixedString(let size), .opaque(let size): size
      case .variableString, .unsupported: 0
      }
    return HDF5Values(HDF5StoredType(type: type, size: size), count: count, bytes, place: "HDF5 data set", heap: nil)
  }
}

// MARK: - To be written

extension HDF5Dataset {
  /// The numbers of a tensor, in its element type. They are not copied.
  package init(_ tensor: Tensor) {
    let format: NumberFormat =
      switch tensor.elementType {
      case .uint8: .uint8
      case .int32: .int32
      case .float32: .float32
      }
    self.init(shape: tensor.shape.dimensions, type: .number(format), contents: .tensor(tensor))
  }

  package init(_ values: [Int64], shape: [Int]? = nil) {
    self.init(values, .int64, shape: shape)
  }

  package init(_ values: [Double], shape: [Int]? = nil) {
    self.init(values, .float64, shape: shape)
  }

  private init<Number>(_ values: [Number], _ format: NumberFormat, shape: [Int]?) {
    let shape = shape ?? [values.count]
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill the shape \(shape)")
    self.init(shape: shape, type: .number(format), contents: .bytes(values.withUnsafeBytes { Array($0) }))
  }

  /// Strings, of any length or of the length of the longest.
  package init(_ values: [String], shape: [Int]? = nil, isFixed: Bool = false) {
    let shape = shape ?? [values.count]
    precondition(shape.reduce(1, *) == values.count, "\(values.count) strings do not fill the shape \(shape)")
    let longest = values.reduce(1) { max($0, $1.utf8.count) }
    self.init(shape: shape, type: isFixed ? .fixedString(longest) : .variableString, contents: .strings(values))
  }

  /// Elements of a type with a fixed size, lowest byte first.
  package init(_ bytes: [UInt8], _ format: NumberFormat, shape: [Int]) {
    precondition(shape.reduce(1, *) * format.size == bytes.count, "\(bytes.count) bytes do not fill the shape \(shape)")
    self.init(shape: shape, type: .number(format), contents: .bytes(bytes))
  }
}
