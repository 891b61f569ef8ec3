import DeepSwiftEngine

/// Where chunks are, for each kind of index.
extension HDF5Chunks {
  func chunks() throws -> [HDF5Chunk] {
    switch layout.index {
    case .tree(let address): return try address.map { try chunks(inTree: $0) } ?? []
    case .single(let address, let size, let mask):
      let position = [Int](repeating: 0, count: data.shape.count)
      return address.map { [HDF5Chunk(position: position, address: $0, size: size ?? layout.byteCount, mask: mask)] } ?? []
    case .implicit(let address): return try address.map { try chunks(from: $0) } ?? []
    case .fixedArray(let address):
      return try address.map { try chunks(HDF5FixedArray(at: $0, reader).elements, unlimitedFirst: false) } ?? []
    case .extensibleArray(let address):
      return try address.map { try chunks(HDF5ExtensibleArray(at: $0, reader).elements, unlimitedFirst: true) } ?? []
    case .tree2(let address): return try address.map { try chunks(inTree2: $0) } ?? []
    }
  }

  /// A tree of version 1; its keys are size, mask and offsets, of which the last is within an element.
  private func chunks(inTree address: Int) throws -> [HDF5Chunk] {
    var chunks: [HDF5Chunk] = []
    let tree = HDF5Tree1(kind: 1, keySize: 8 + 8 * (data.shape.count + 1), reader)
    try tree.forEachChild(of: address) { key, child in
      let size = try key.integer(4), mask = try key.integer(4)
      let position = try layout.lengths.map { try key.integer(8) / $0 }
      chunks.append(HDF5Chunk(position: position, address: child, size: size, mask: mask))
    }
    return chunks
  }

  /// All chunks one after the other.
  private func chunks(from address: Int) throws -> [HDF5Chunk] {
    let limits = try limits()
    let count = try checkedProduct(limits, reader)
    guard count <= (reader.file.bytes.count - address) / layout.byteCount else {
      throw reader.damaged("its \(count) chunks lie beyond the end of the file")
    }
    return (0..<count).map {
      HDF5Chunk(position: position($0, limits), address: address + $0 * layout.byteCount, size: layout.byteCount)
    }
  }

  private func chunks(inTree2 address: Int) throws -> [HDF5Chunk] {
    let tree = try HDF5Tree2(at: address, reader)
    let isFiltered = tree.kind == 11
    guard tree.kind == 10 || isFiltered else { throw reader.damaged("chunks are indexed by a tree of kind \(tree.kind)") }
    return try tree.records.map { record in
      var record = record
      let address = try record.neededAddress()
      let sizeWidth = record.remaining - 4 - 8 * data.shape.count
      guard !isFiltered || (1...8).contains(sizeWidth) else { throw reader.damaged("an index of chunks has bad records") }
      let size = isFiltered ? try record.integer(sizeWidth) : layout.byteCount
      let mask = isFiltered ? try record.integer(4) : 0
      let position = try data.shape.map { _ in try record.integer(8) }
      return HDF5Chunk(position: position, address: address, size: size, mask: mask)
    }
  }

  /// The elements of an array, by their place in it.
  private func chunks(_ elements: [(index: Int, element: HDF5ArrayElement)], unlimitedFirst: Bool) throws -> [HDF5Chunk] {
    var limits = try limits(ignoringUnlimited: unlimitedFirst)
    // An axis without a limit is counted as the slowest one, wherever it is.
    let unlimited = unlimitedFirst ? data.most.firstIndex { $0 == nil } ?? 0 : 0
    limits.insert(limits.remove(at: unlimited), at: 0)
    return elements.map { index, element in
      var position = self.position(index, limits)
      position.insert(position.removeFirst(), at: unlimited)
      return HDF5Chunk(
        position: position, address: element.address, size: element.size ?? layout.byteCount, mask: element.mask)
    }
  }

  /// The number of chunks that each axis may come to have.
  private func limits(ignoringUnlimited: Bool = false) throws -> [Int] {
    try mostGrid.map {
      guard let limit = $0 ?? (ignoringUnlimited ? 1 : nil), limit > 0 else {
        throw reader.damaged("its index of chunks does not fit its shape")
      }
      return limit
    }
  }

  /// The place of chunk `index` in row-major order; the slowest axis takes what is left.
  private func position(_ index: Int, _ limits: [Int]) -> [Int] {
    var (rest, position) = (index, limits)
    for axis in limits.indices.dropFirst().reversed() {
      position[axis] = rest % limits[axis]
      rest /= limits[axis]
    }
    position[0] = rest
    return position
  }
}
