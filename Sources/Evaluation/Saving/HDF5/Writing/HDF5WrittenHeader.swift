import DeepSwiftDatasets
import DeepSwiftEngine

/// The header of an object, version 1.
struct HDF5WrittenHeader {
  /// The object in error messages.
  let path: String
  private var messages: [UInt8] = []
  private var count = 0

  init(path: String) { self.path = path }

  mutating func add(_ kind: HDF5Message.Kind, _ fill: (inout [UInt8]) throws -> Void) rethrows {
    var body: [UInt8] = []
    try fill(&body)
    body += [UInt8](repeating: 0, count: (8 - body.count % 8) % 8)
    messages.append(littleEndian: UInt16(kind.rawValue))
    messages.append(littleEndian: UInt16(body.count))
    // Types and fill values never change.
    messages += [kind == .datatype || kind == .fillValue ? 1 : 0, 0, 0, 0]
    messages += body
    count += 1
  }

  /// Attributes, in the order of their names.
  mutating func add(_ attributes: [String: HDF5Attribute], _ description: inout HDF5Description) throws {
    let place = "\(description.place), \(path.isEmpty ? "/" : path)"
    for (name, value) in attributes.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      guard !name.isEmpty, !name.utf8.contains(0) else {
        throw ModelError(.file, at: place, "an attribute cannot have the name \"\(name)\"")
      }
      let stored = try value.written(place: "\(place), attribute \"\(name)\"", &description)
      let nameBytes = Array(name.utf8) + [0]
      func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8) }
      let parts = padded(nameBytes) + padded(stored.type) + padded(stored.space) + stored.data
      guard parts.count + 8 <= 65528, nameBytes.count <= 65528 else {
        throw ModelError(
          .file, at: place,
          "the attribute \"\(name)\" takes \(parts.count) bytes; HDF5 allows 64 KB: split it, or make it a data set")
      }
      add(.attribute) {
        $0 += [1, 0]
        for size in [nameBytes.count, stored.type.count, stored.space.count] { $0.append(littleEndian: UInt16(size)) }
        $0 += parts
      }
    }
    guard count <= 0xffff else { throw ModelError(.file, at: place, "has \(count) attributes; HDF5 allows 65,000") }
  }

  func bytes(place: String) throws -> [UInt8] {
    guard let size = UInt32(exactly: messages.count) else {
      throw ModelError(.file, at: "\(place), \(path)", "has attributes of more than 4 GB")
    }
    var bytes: [UInt8] = [1, 0]
    bytes.append(littleEndian: UInt16(count))
    bytes.append(littleEndian: UInt32(1))  // one link leads here
    bytes.append(littleEndian: size)
    bytes += [0, 0, 0, 0]
    return bytes + messages
  }
}

extension HDF5Attribute {
  /// The three parts of an attribute. Strings go into the description's heap.
  fileprivate func written(
    place: String, _ description: inout HDF5Description
  ) throws -> (type: [UInt8], space: [UInt8], data: [UInt8]) {
    func parts(_ type: HDF5Type, _ shape: [Int]?, _ data: [UInt8]) throws -> (type: [UInt8], space: [UInt8], data: [UInt8]) {
      (try type.written(place: place), HDF5Dataspace.written(shape), data)
    }
    func bytes(_ integers: [Int64]) -> [UInt8] { integers.withUnsafeBytes { Array($0) } }
    func bytes(_ floats: [Double]) -> [UInt8] { floats.withUnsafeBytes { Array($0) } }
    switch self {
    case .string(let value): return try parts(.variableString, [], description.store([value]))
    case .strings(let values): return try parts(.variableString, [values.count], description.store(values))
    case .integer(let value): return try parts(.number(.int64), [], bytes([value]))
    case .integers(let values): return try parts(.number(.int64), [values.count], bytes(values))
    case .float(let value): return try parts(.number(.float64), [], bytes([value]))
    case .floats(let values): return try parts(.number(.float64), [values.count], bytes(values))
    case .empty: return try parts(.number(.float32), nil, [])
    case .unsupported(let kind): throw ModelError(.file, at: place, "holds \(kind), which cannot be written")
    }
  }
}

extension HDF5Dataspace {
  /// Version 1, the largest shape being the shape; version 2 where there is no value at all.
  static func written(_ shape: [Int]?) -> [UInt8] {
    guard let shape else { return [2, 0, 0, 2] }
    var bytes: [UInt8] = [1, UInt8(shape.count), shape.isEmpty ? 0 : 1, 0, 0, 0, 0, 0]
    for length in shape + shape { bytes.append(littleEndian: length) }
    return bytes
  }
}
