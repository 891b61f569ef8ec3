import DeepSwiftDatasets
import DeepSwiftEngine

/// What was done to a chunk before it was stored, in order.
struct HDF5Filters: Sendable {
  enum Filter: Sendable, Equatable {
    case deflate, shuffle, fletcher32
    case unknown(String)
  }

  private(set) var filters: [Filter] = []

  init() {}

  init(_ message: HDF5Block) throws {
    var block = message
    let version = try block.expectVersion(1...2)
    let count = try block.integer(1)
    guard count <= 32 else { throw block.reader.damaged("\(count) filters were applied to it") }
    if version == 1 { _ = try block.take(6) }
    for _ in 0..<count {
      let number = try block.integer(2)
      let nameLength = version == 1 || number >= 256 ? try block.integer(2) : 0
      _ = try block.integer(2)  // whether it may be missing when the file is written
      let settings = try block.integer(2)
      let name = try block.text(version == 1 ? (nameLength + 7) / 8 * 8 : nameLength)
      _ = try block.take(4 * settings)
      if version == 1, settings % 2 == 1 { _ = try block.take(4) }
      switch number {
      case 1: filters.append(.deflate)
      case 2: filters.append(.shuffle)
      case 3: filters.append(.fletcher32)
      default: filters.append(.unknown(name.isEmpty ? "number \(number)" : "\(name) (number \(number))"))
      }
    }
  }

  /// The most that a byte of a chunk may have been made of; zlib cannot do better.
  var mostGrowth: Int { filters.contains(.deflate) ? 1032 : 1 }

  /// Undoes what was done to a chunk of `count` bytes; filters whose bit is set in `mask` were left out.
  func undone(
    _ chunk: UnsafeRawBufferPointer, mask: Int, count: Int, elementSize: Int, place: String
  ) throws -> [UInt8] {
    var bytes = Array(chunk)
    for (number, filter) in filters.enumerated().reversed() where mask >> number & 1 == 0 {
      switch filter {
      case .deflate:
        // A checksum may have been computed before; it is all that can make a chunk longer.
        let most = filters[..<number].contains(.fletcher32) ? count + 4 : count
        bytes = try inflated(bytes[...], .zlib, size: most, place: place)
      case .shuffle: bytes = HDF5Filters.unshuffled(bytes, elementSize)
      case .fletcher32:
        guard bytes.count >= 4 else {
          throw ModelError.damaged(place, "is damaged: a chunk lacks its checksum")
        }
        let stored = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
        bytes.removeLast(4)
        guard bytes.withUnsafeBytes({ fletcher32($0) }) == stored else {
          throw ModelError.damaged(place, "is damaged: the checksum of a chunk is wrong")
        }
      case .unknown(let name):
        throw ModelError(
          .file, at: place, "is stored with the filter \(name), which is not read. Write it with gzip, shuffle or fletcher32.")
      }
    }
    guard bytes.count == count else {
      throw ModelError.damaged(place, "is damaged: a chunk has \(bytes.count) bytes, expected \(count)")
    }
    return bytes
  }

  /// First bytes of all elements, then all second bytes, and so on, put together again. What is left over stands at the end.
  private static func unshuffled(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
    let count = bytes.count / max(size, 1)
    guard size > 1, count > 1 else { return bytes }
    var result = bytes
    bytes.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        for byte in 0..<size {
          for element in 0..<count { target[element * size + byte] = source[byte * count + element] }
        }
      }
    }
    return result
  }
}
