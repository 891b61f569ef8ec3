import DeepSwiftEngine

/// A chunk as it is stored.
struct HDF5Chunk {
  /// Its place among the chunks along each axis.
  var position: [Int]
  var address: Int
  var size: Int
  /// The filters that were left out.
  var mask = 0
}

/// Puts a data set together from its chunks.
struct HDF5Chunks {
  let data: HDF5StoredData
  let layout: HDF5ChunkLayout
  let reader: HDF5Reader

  init(_ data: HDF5StoredData, _ layout: HDF5ChunkLayout, _ reader: HDF5Reader) throws {
    (self.data, self.layout, self.reader) = (data, layout, reader)
    guard layout.lengths.count == data.shape.count else {
      throw reader.damaged("it has \(data.shape.count) axes, its chunks have \(layout.lengths.count)")
    }
  }

  func decoded() throws -> [UInt8] {
    guard data.byteCount > 0 else { return [] }
    let chunks = try self.chunks()
    try check(chunks)
    var result = data.filled()
    for chunk in chunks {
      guard zip(chunk.position, grid).allSatisfy({ $0 < $1 }) else { continue }
      let stored = UnsafeRawBufferPointer(rebasing: reader.file.bytes[chunk.address..<chunk.address + chunk.size])
      let isEdge = zip(chunk.position, zip(layout.lengths, data.shape)).contains { ($0 + 1) * $1.0 > $1.1 }
      if data.filters.filters.isEmpty || (isEdge && layout.leavesEdgesUnfiltered) {
        guard chunk.size == layout.byteCount else {
          throw reader.damaged("a chunk has \(chunk.size) bytes, expected \(layout.byteCount)")
        }
        copy(stored, chunk.position, into: &result)
      } else {
        let bytes = try data.filters.undone(
          stored, mask: chunk.mask, count: layout.byteCount, elementSize: data.type.size, place: data.place)
        bytes.withUnsafeBytes { copy($0, chunk.position, into: &result) }
      }
    }
    return result
  }

  /// The number of chunks along each axis.
  var grid: [Int] { zip(data.shape, layout.lengths).map { $0 == 0 ? 0 : ($0 - 1) / $1 + 1 } }

  /// The same for the shape that the data set may grow to, by which some indexes count; `nil` without a limit.
  var mostGrid: [Int?] {
    zip(data.most, layout.lengths).map { most, length in most.map { $0 == 0 ? 0 : ($0 - 1) / length + 1 } }
  }

  /// What is stored must be in the file, must not be stored twice, and must be enough for what it is said to unpack to.
  private func check(_ chunks: [HDF5Chunk]) throws {
    var stored = 0
    for chunk in chunks {
      guard chunk.size >= 0, chunk.size <= reader.file.bytes.count - chunk.address else {
        throw reader.damaged("a chunk of \(chunk.size) bytes at \(chunk.address) lies beyond the end of the file")
      }
      stored += chunk.size
      guard stored <= reader.file.bytes.count else { throw reader.damaged("its chunks overlap") }
    }
    let growth = data.filters.mostGrowth
    try data.allow(max(0, data.byteCount - stored.multipliedClamped(by: growth)))
    guard chunks.isEmpty || layout.byteCount / growth <= max(stored, 1 << 16) else {
      throw reader.damaged("chunks of \(layout.byteCount) bytes cannot have been made into \(stored)")
    }
  }

  private func copy(_ chunk: UnsafeRawBufferPointer, _ position: [Int], into result: inout [UInt8]) {
    let size = data.type.size
    let start = zip(position, layout.lengths).map { $0 * $1 }
    // What of the chunk lies in the data set.
    let lengths = zip(layout.lengths, zip(data.shape, start)).map { min($0, $1.0 - $1.1) }
    guard let lineLength = lengths.last else { return }
    result.withUnsafeMutableBytes { target in
      var line = [Int](repeating: 0, count: lengths.count - 1)
      while true {
        var (from, to) = (0, 0)
        for axis in line.indices {
          from = (from + line[axis]) * layout.lengths[axis + 1]
          to = (to + start[axis] + line[axis]) * data.shape[axis + 1]
        }
        to += start[lengths.count - 1]
        UnsafeMutableRawBufferPointer(rebasing: target[to * size..<(to + lineLength) * size])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: chunk[from * size..<(from + lineLength) * size]))
        var axis = line.count - 1
        while axis >= 0 {
          line[axis] += 1
          if line[axis] < lengths[axis] { break }
          line[axis] = 0
          axis -= 1
        }
        if axis < 0 { return }
      }
    }
  }
}

extension Int {
  fileprivate func multipliedClamped(by factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}
