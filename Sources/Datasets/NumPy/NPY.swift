import DeepSwiftEngine

extension Tensor {
  /// The array in a `.npy` file of NumPy.
  ///
  /// Bytes and truth values become `uint8`, other integers `int32` (beyond its range they are an error), floating-point
  /// numbers `float32`. Both byte orders and both memory orders are read. Python objects are refused.
  public init(npy path: String) throws { try self.init(npyBytes: Files.read(path), place: path) }

  /// Writes a `.npy` file that NumPy opens. The file is either written whole or not at all.
  public func write(npy path: String) throws { try Files.write(npyBytes, to: path) }

  /// `place` is the file's name in error messages.
  package init(npyBytes bytes: [UInt8], place: String) throws {
    var reader = ByteReader(bytes, place: place)
    guard bytes.starts(with: magic), bytes.count > 8, (1...3).contains(bytes[6]) else {
      throw ModelError.damaged(place, "is not an .npy file of version 1, 2 or 3")
    }
    _ = try reader.take(8)
    let length =
      bytes[6] == 1 ? Int(try reader.take(littleEndian: UInt16.self)) : Int(try reader.take(littleEndian: UInt32.self))
    guard length <= 1 << 20 else { throw ModelError.damaged(place, "has a header of \(length) bytes") }
    let header = try NPYHeader(String(decoding: try reader.take(length), as: UTF8.self), place: place)

    let size = try byteCount(of: header.shape, header.format, place: place)
    guard reader.remaining >= size else {
      throw ModelError.damaged(place, "is cut off: shape \(header.shape) takes \(size) bytes, found \(reader.remaining)")
    }
    let columnsFirst = header.isFortranOrder
    let stored = columnsFirst ? Shape(header.shape.dimensions.reversed()) : header.shape
    let tensor = try Tensor(
      shape: stored, header.format, reader.take(size), isBigEndian: header.isBigEndian, place: place)
    self = columnsFirst ? tensor.transposed() : tensor
  }

  /// This tensor as an `.npy` file, byte for byte what NumPy writes.
  package var npyBytes: [UInt8] {
    let type =
      switch elementType {
      case .uint8: "|u1"
      case .int32: "<i4"
      case .float32: "<f4"
      }
    let lengths = shape.dimensions.map(String.init)
    let tuple = "(" + lengths.joined(separator: ", ") + (rank == 1 ? ",)" : ")")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(tuple), }"
    // NumPy leaves room for the first length to grow, and ends the header at a multiple of 64 bytes.
    if rank > 0 { header += String(repeating: " ", count: Swift.max(0, 21 - lengths[0].count)) }
    let unfilled = magic.count + 4 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unfilled % 64) % 64) + "\n"

    var bytes = magic + [1, 0]
    if header.utf8.count > 0xffff {
      preconditionFailure("A shape of \(rank) axes does not fit into an .npy file")
    }
    bytes.append(littleEndian: UInt16(header.utf8.count))
    bytes += header.utf8
    withUnsafeBytes { bytes += $0 }
    return bytes
  }
}

private let magic: [UInt8] = [0x93] + "NUMPY".utf8

/// What the head of an `.npy` file says: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
private struct NPYHeader {
  var format: NumberFormat
  var isBigEndian: Bool
  var isFortranOrder: Bool
  var shape: Shape

  init(_ text: String, place: String) throws {
    let literals = try PythonLiteral.dictionary(text, place: place)
    func fault(_ what: String) -> ModelError {
      ModelError.damaged(place, "has a header that \(what): \(text.prefix(200))")
    }

    guard case .text(let type)? = literals["descr"] else { throw fault("describes no simple type of number") }
    var name = Substring(type)
    let order = name.first.flatMap { "<>|=".contains($0) ? name.removeFirst() : nil }
    isBigEndian = order == ">"
    switch name {
    case "b1", "?": format = .bool
    case "u1", "B": format = .uint8
    case "u2": format = .uint16
    case "u4": format = .uint32
    case "u8": format = .uint64
    case "i1", "b": format = .int8
    case "i2": format = .int16
    case "i4": format = .int32
    case "i8": format = .int64
    case "f2": format = .float16
    case "f4": format = .float32
    case "f8": format = .float64
    case "O", "O8", "O4":
      throw ModelError(
        .file, at: place, "holds Python objects, which are never loaded: they could run code. Save arrays of numbers.")
    default:
      throw ModelError(
        .file, at: place,
        "holds numbers of type '\(type)'; integers, floats and truth values can be read. Convert it with astype.")
    }
    guard case .truth(let isFortranOrder)? = literals["fortran_order"] else { throw fault("lacks its memory order") }
    self.isFortranOrder = isFortranOrder
    guard case .tuple(let lengths)? = literals["shape"], lengths.count <= 64 else { throw fault("lacks a shape") }
    shape = Shape(lengths)
  }
}

/// The few kinds of Python values that a header consists of.
private enum PythonLiteral {
  case text(String), truth(Bool), tuple([Int])

  /// Parses `{'name': value, …}`.
  static func dictionary(_ text: String, place: String) throws -> [String: PythonLiteral] {
    var rest = Array(text.utf8)[...]
    let damaged = ModelError.damaged(place, "has a damaged header: \(text.prefix(200))")
    func skipBlanks() { rest = rest.drop { $0 == 0x20 || $0 == 0x0a || $0 == 0x09 || $0 == 0x0d } }
    func accept(_ token: String) -> Bool {
      skipBlanks()
      guard rest.starts(with: token.utf8) else { return false }
      rest = rest.dropFirst(token.utf8.count)
      return true
    }
    func takeText() throws -> String {
      skipBlanks()
      guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
        let end = rest.dropFirst().firstIndex(of: quote)
      else { throw damaged }
      defer { rest = rest[(end + 1)...] }
      return String(decoding: rest[rest.startIndex + 1..<end], as: UTF8.self)
    }
    func takeTuple() throws -> [Int] {
      var lengths: [Int] = []
      while !accept(")") {
        skipBlanks()
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard let length = Int(String(decoding: digits, as: UTF8.self)) else { throw damaged }
        rest = rest.dropFirst(digits.count)
        _ = accept("L")  // Python 2
        lengths.append(length)
        guard accept(",") || rest.first == UInt8(ascii: ")") else { throw damaged }
      }
      return lengths
    }

    var values: [String: PythonLiteral] = [:]
    guard accept("{") else { throw damaged }
    while !accept("}") {
      let name = try takeText()
      guard accept(":") else { throw damaged }
      if accept("True") {
        values[name] = .truth(true)
      } else if accept("False") {
        values[name] = .truth(false)
      } else if accept("(") {
        values[name] = .tuple(try takeTuple())
      } else if accept("[") {
        throw ModelError(.file, at: place, "holds records of several fields, which cannot be read. Save each field by itself.")
      } else {
        values[name] = .text(try takeText())
      }
      skipBlanks()
      guard accept(",") || rest.first == UInt8(ascii: "}") else { throw damaged }
    }
    return values
  }
}
