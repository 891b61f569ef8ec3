/// Where the characters of strings of any length lie: collections of numbered objects.
final class HDF5GlobalHeap {
  private let reader: HDF5Reader
  /// The objects of each collection by number.
  private var collections: [Int: [Int: HDF5Block]] = [:]

  init(_ reader: HDF5Reader) { self.reader = reader }

  /// The string that an element stands for: its length, the address of a collection, a number.
  func string(_ element: Slice<UnsafeRawBufferPointer>) throws -> String {
    let offsetSize = reader.file.superblock.offsetSize
    guard element.count == 8 + offsetSize else { throw reader.damaged("a string is stored in \(element.count) bytes") }
    func number(_ start: Int, _ width: Int) -> UInt64 {
      (start..<start + width).reversed().reduce(0) { $0 << 8 | UInt64(element[element.startIndex + $1]) }
    }
    let count = Int(number(0, 4))
    guard count > 0 else { return "" }
    let stored = number(4, offsetSize).addingReportingOverflow(UInt64(reader.file.superblock.base))
    guard !stored.overflow, let address = Int(exactly: stored.partialValue) else {
      throw reader.damaged("a string lies beyond the end of the file")
    }
    if collections[address] == nil { collections[address] = try collection(at: address) }
    guard var object = collections[address]?[Int(number(4 + offsetSize, 4))] else {
      throw reader.damaged("a string is not in the heap that it should be in")
    }
    try reader.pay(count, "a string")
    return try object.text(count)
  }

  private func collection(at address: Int) throws -> [Int: HDF5Block] {
    let lengthSize = reader.file.superblock.lengthSize
    var head = try reader.block(at: address, count: 8 + lengthSize, "a heap of strings")
    try head.expect("GCOL")
    _ = try head.expectVersion(1...1)
    _ = try head.take(3)
    let size = try head.length()
    guard size >= head.range.count else { throw reader.damaged("a heap of strings has \(size) bytes") }
    var block = try reader.block(at: address, count: size, "a heap of strings")
    _ = try block.take(head.range.count)
    var objects: [Int: HDF5Block] = [:]
    while block.remaining >= 8 + lengthSize {
      let index = try block.integer(2)
      _ = try block.take(6)
      let count = try block.length()
      guard index != 0 else { break }  // the rest is free
      objects[index] = try block.part(count)
      _ = try block.take(min(block.remaining, (8 - count % 8) % 8))
    }
    return objects
  }
}
