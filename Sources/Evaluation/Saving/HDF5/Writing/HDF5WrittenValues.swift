import DeepSwiftDatasets
import DeepSwiftEngine

/// The values of data sets, one behind the other.
struct HDF5WrittenValues {
  private(set) var pieces: [FilePiece] = []
  private var end: Int
  /// Small values, put together to one piece.
  private var small: [UInt8] = []

  init(start: Int) { end = start }

  /// Returns the address of the values, `nil` if there are none.
  mutating func append(_ dataset: HDF5Dataset, path: String, _ description: inout HDF5Description) throws -> Int? {
    let size = dataset.count * dataset.type.writtenSize
    guard size > 0 else { return nil }
    let address = end
    if case .tensor(let tensor) = dataset.contents, size >= 1 << 14 {
      flush()
      pieces.append(.tensor(tensor))
    } else {
      small += try bytes(of: dataset, path: path, &description)
    }
    end += size
    precondition(end == address + size)
    return address
  }

  mutating func pad(to start: Int) {
    small += [UInt8](repeating: 0, count: start - end)
    end = start
    flush()
  }

  private mutating func flush() {
    if !small.isEmpty { pieces.append(.bytes(small)) }
    small = []
  }

  private func bytes(of dataset: HDF5Dataset, path: String, _ description: inout HDF5Description) throws -> [UInt8] {
    switch dataset.type {
    case .variableString: return try description.store(dataset.strings())
    case .fixedString(let length):
      return try dataset.strings().flatMap { string in
        let bytes = Array(string.utf8)
        guard bytes.count <= length else {
          throw ModelError(
            .file, at: "\(description.place), \(path)", "has a string of \(bytes.count) bytes, its type takes \(length)")
        }
        return bytes + [UInt8](repeating: 0, count: length - bytes.count)
      }
    default: return try dataset.littleEndianBytes()
    }
  }
}

extension HDF5Dataset {
  /// The elements, lowest byte first, in whichever order a file had them.
  fileprivate func littleEndianBytes() throws -> [UInt8] {
    let bytes = try bytes()
    guard case .stored(let stored) = contents, stored.type.isBigEndian, stored.type.size > 1 else { return bytes }
    let size = stored.type.size
    return bytes.indices.map { bytes[$0 / size * size + size - 1 - $0 % size] }
  }
}
