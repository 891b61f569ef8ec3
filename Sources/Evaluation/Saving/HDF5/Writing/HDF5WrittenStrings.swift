import DeepSwiftDatasets

extension HDF5Description {
  /// Stores strings. Returns what arrays have in their place: length, address, number in the collection.
  mutating func store(_ values: [String]) -> [UInt8] {
    // Taken out meanwhile: the strings write into the description that they are part of.
    var strings = self.strings
    self.strings = HDF5WrittenStrings()
    defer { self.strings = strings }
    return strings.append(values, &self)
  }

  /// To be called when all strings are stored.
  mutating func finishStrings() { strings.finish(&bytes) }
}

/// Strings of any length, in collections of 4096 bytes or of one long string.
struct HDF5WrittenStrings {
  private struct Collection {
    /// In the description.
    var position, size: Int
    var used = 16
    var count: UInt16 = 0
  }

  private var collections: [Collection] = []

  mutating func append(_ strings: [String], _ description: inout HDF5Description) -> [UInt8] {
    var references: [UInt8] = []
    references.reserveCapacity(strings.count * 16)
    for string in strings {
      let bytes = Array(string.utf8)
      let padded = 16 + (bytes.count + 7) / 8 * 8
      if collections.last.map({ $0.size - $0.used < padded }) ?? true { open(room: padded, &description) }
      var collection = collections.removeLast()
      collection.count += 1
      var object: [UInt8] = []
      object.append(littleEndian: UInt64(collection.count))
      object.append(littleEndian: bytes.count)
      object += bytes
      let position = collection.position + collection.used
      description.bytes.replaceSubrange(position..<position + object.count, with: object)
      collection.used += padded
      collections.append(collection)
      references.append(littleEndian: UInt32(truncatingIfNeeded: bytes.count))
      references.append(littleEndian: description.start + collection.position)
      references.append(littleEndian: UInt32(collection.count))
    }
    return references
  }

  /// Marks as free what is left in the collections.
  func finish(_ bytes: inout [UInt8]) {
    for collection in collections where collection.size - collection.used >= 16 {
      var free: [UInt8] = []
      free.append(littleEndian: collection.size - collection.used)
      let position = collection.position + collection.used + 8
      bytes.replaceSubrange(position..<position + 8, with: free)
    }
  }

  private mutating func open(room: Int, _ description: inout HDF5Description) {
    let size = max(4096, 16 + room)
    var bytes = Array("GCOL".utf8) + [1, 0, 0, 0]
    bytes.append(littleEndian: size)
    bytes += [UInt8](repeating: 0, count: size - bytes.count)
    let address = description.append(bytes)
    collections.append(Collection(position: address - description.start, size: size))
  }
}
