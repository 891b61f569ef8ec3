/// What an array that indexes chunks says about one.
struct HDF5ArrayElement {
  var address: Int
  /// `nil` where chunks are not filtered and have all the same size.
  var size: Int?
  var mask = 0

  /// The next element, `nil` if there is no such chunk.
  init?(_ block: inout HDF5Block, size elementSize: Int, isFiltered: Bool) throws {
    var element = try block.part(elementSize)
    guard let address = try element.address() else { return nil }
    self.address = address
    guard isFiltered else { return }
    let width = element.remaining - 4
    guard (1...8).contains(width) else { throw block.reader.damaged("an index of chunks has elements of \(elementSize) bytes") }
    size = try element.integer(width)
    mask = try element.integer(4)
  }
}

/// The index of chunks of a data set that cannot grow: one array, perhaps in pages.
struct HDF5FixedArray {
  private(set) var elements: [(index: Int, element: HDF5ArrayElement)] = []

  init(at address: Int, _ reader: HDF5Reader) throws {
    let sizes = reader.file.superblock
    var header = try reader.block(at: address, count: 12 + sizes.lengthSize + sizes.offsetSize, "an index of chunks")
    try header.expect("FAHD")
    _ = try header.expectVersion(0...0)
    let isFiltered = try header.integer(1) == 1
    let elementSize = try header.integer(1), pageBits = try header.integer(1)
    let count = try header.length()
    let blockAddress = try header.address()
    try header.expectChecksum()
    guard let blockAddress else { return }
    guard elementSize > 0, pageBits < 32, count <= reader.file.bytes.count / elementSize else {
      throw reader.damaged("an index of chunks claims \(count) of them")
    }

    let pageLength = 1 << pageBits
    let pages = count > pageLength ? (count - 1) / pageLength + 1 : 0
    let prefix = 6 + sizes.offsetSize + (pages + 7) / 8
    let size = prefix + (pages == 0 ? count * elementSize : 0) + 4
    var block = try reader.block(at: blockAddress, count: size, "an index of chunks")
    try block.expect("FADB")
    _ = try block.take(2)
    guard try block.neededAddress() == address else { throw reader.damaged("an index of chunks belongs elsewhere") }
    let used = try block.take((pages + 7) / 8)
    if pages == 0 { try take(count, from: 0, &block, elementSize, isFiltered) }
    try block.expectChecksum()

    var start = blockAddress + size
    for page in 0..<pages {
      let length = min(pageLength, count - page * pageLength)
      if used[page / 8] & 0x80 >> (page % 8) != 0 {
        var block = try reader.block(at: start, count: length * elementSize + 4, "an index of chunks")
        try take(length, from: page * pageLength, &block, elementSize, isFiltered)
        try block.expectChecksum()
      }
      start += length * elementSize + 4
    }
  }

  private mutating func take(
    _ count: Int, from first: Int, _ block: inout HDF5Block, _ elementSize: Int, _ isFiltered: Bool
  ) throws {
    for index in first..<first + count {
      if let element = try HDF5ArrayElement(&block, size: elementSize, isFiltered: isFiltered) {
        elements.append((index, element))
      }
    }
  }
}

/// The index of chunks of a data set that can grow along one axis: a few elements at hand, then blocks of growing size.
struct HDF5ExtensibleArray {
  private(set) var elements: [(index: Int, element: HDF5ArrayElement)] = []
  private let reader: HDF5Reader
  private let address: Int
  private let isFiltered: Bool
  private let elementSize: Int
  private let shortest: Int
  private let pageLength: Int
  /// Bytes of an index in the array.
  private let indexSize: Int

  init(at address: Int, _ reader: HDF5Reader) throws {
    (self.reader, self.address) = (reader, address)
    let sizes = reader.file.superblock
    var header = try reader.block(at: address, count: 16 + sizes.lengthSize * 6 + sizes.offsetSize, "an index of chunks")
    try header.expect("EAHD")
    _ = try header.expectVersion(0...0)
    isFiltered = try header.integer(1) == 1
    elementSize = try header.integer(1)
    let bits = try header.integer(1)
    let atHand = try header.integer(1)
    shortest = try header.integer(1)
    let leastPointers = try header.integer(1)
    let pageBits = try header.integer(1)
    _ = try header.take(6 * sizes.lengthSize)
    let first = try header.address()
    try header.expectChecksum()
    let isPowerOfTwo = { (number: Int) in number > 0 && number & (number - 1) == 0 }
    guard elementSize > 0, bits > 0, bits <= 62, isPowerOfTwo(shortest), isPowerOfTwo(leastPointers), pageBits < 32,
      bits >= shortest.trailingZeroBitCount
    else { throw reader.damaged("an index of chunks at byte \(address) has impossible sizes") }
    pageLength = 1 << pageBits
    indexSize = (bits + 7) / 8
    guard let first else { return }

    // Group g has 2^(g / 2) blocks of shortest · 2^((g + 1) / 2) elements. The index block points to the blocks of the first
    // groups itself, and to a block of pointers for each of the others.
    let groups = 1 + bits - shortest.trailingZeroBitCount
    let nearGroups = min(groups, 2 * leastPointers.trailingZeroBitCount)
    let near = 2 * (leastPointers - 1), far = groups - nearGroups
    let size = 6 + sizes.offsetSize + atHand * elementSize + (near + far) * sizes.offsetSize + 4
    var block = try reader.block(at: first, count: size, "an index of chunks")
    try block.expect("EAIB")
    try checkOwner(&block)
    try take(atHand, from: 0, &block)
    let nearBlocks = try (0..<near).map { _ in try block.address() }
    let farBlocks = try (0..<far).map { _ in try block.address() }
    try block.expectChecksum()

    var (index, next) = (atHand, 0)
    for group in 0..<groups {
      let count = 1 << (group / 2)
      let (length, overflow) = shortest.multipliedReportingOverflow(by: 1 << ((group + 1) / 2))
      guard !overflow else { break }
      let (span, isTooLong) = count.multipliedReportingOverflow(by: length)
      let (end, isTooFar) = index.addingReportingOverflow(span)
      guard !isTooLong, !isTooFar else { break }
      if group < nearGroups {
        for i in 0..<count where next + i < nearBlocks.count {
          if let address = nearBlocks[next + i] { try readBlock(address, length, from: index + i * length, pages: []) }
        }
        next += count
      } else if let address = farBlocks[group - nearGroups] {
        try readPointers(address, count, length, from: index)
      }
      index = end
    }
  }

  private func checkOwner(_ block: inout HDF5Block) throws {
    _ = try block.expectVersion(0...0)
    _ = try block.take(1)
    guard try block.neededAddress() == address else { throw reader.damaged("an index of chunks belongs elsewhere") }
  }

  private mutating func take(_ count: Int, from first: Int, _ block: inout HDF5Block) throws {
    for index in first..<first + count {
      if let element = try HDF5ArrayElement(&block, size: elementSize, isFiltered: isFiltered) {
        elements.append((index, element))
      }
    }
  }

  /// Pages of a block of so many elements, 0 if it has none.
  private func pages(_ length: Int) -> Int { length > pageLength ? length / pageLength : 0 }

  private mutating func readPointers(_ address: Int, _ count: Int, _ length: Int, from index: Int) throws {
    let offsetSize = reader.file.superblock.offsetSize
    let bitmapSize = (pages(length) + 7) / 8
    guard count <= reader.file.bytes.count, bitmapSize <= reader.file.bytes.count / count else {
      throw reader.damaged("an index of chunks lies beyond the end of the file")
    }
    let size = 6 + offsetSize + indexSize + count * (bitmapSize + offsetSize) + 4
    var block = try reader.block(at: address, count: size, "an index of chunks")
    try block.expect("EASB")
    try checkOwner(&block)
    _ = try block.take(indexSize)
    // One bit for each page of each block: whether anything is in it.
    let bitmap = try block.take(count * bitmapSize)
    let addresses = try (0..<count).map { _ in try block.address() }
    try block.expectChecksum()
    for (i, address) in addresses.enumerated() {
      guard let address else { continue }
      let used = (i * pages(length)..<(i + 1) * pages(length)).map { bitmap[$0 / 8] & 0x80 >> ($0 % 8) != 0 }
      try readBlock(address, length, from: index + i * length, pages: used)
    }
  }

  /// `pages` tells which of its pages are in use, if it has any.
  private mutating func readBlock(_ address: Int, _ length: Int, from index: Int, pages: [Bool]) throws {
    guard length <= reader.file.bytes.count / elementSize || !pages.isEmpty else {
      throw reader.damaged("an index of chunks lies beyond the end of the file")
    }
    let prefix = 6 + reader.file.superblock.offsetSize + indexSize
    let size = prefix + (pages.isEmpty ? length * elementSize : 0) + 4
    var block = try reader.block(at: address, count: size, "an index of chunks")
    try block.expect("EADB")
    try checkOwner(&block)
    _ = try block.take(indexSize)
    if pages.isEmpty { try take(length, from: index, &block) }
    try block.expectChecksum()
    for (page, isUsed) in pages.enumerated() where isUsed {
      let pageSize = pageLength * elementSize + 4
      let (offset, overflow) = page.multipliedReportingOverflow(by: pageSize)
      guard !overflow, offset <= reader.file.bytes.count else { throw reader.damaged("an index of chunks is too long") }
      var block = try reader.block(at: address + size + offset, count: pageSize, "an index of chunks")
      try take(pageLength, from: index + page * pageLength, &block)
      try block.expectChecksum()
    }
  }
}
