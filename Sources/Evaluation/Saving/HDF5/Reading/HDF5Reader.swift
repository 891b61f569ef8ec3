import DeepSwiftEngine

/// One pass over structures of a file.
///
/// It pays for each byte that it looks at, from a purse filled by the file's size: structures that refer to one another in
/// circles, or thousands of times to the same place, end in an error and not in a long wait.
final class HDF5Reader {
  let file: HDF5File
  /// The object in question, for error messages: `model.h5, /layers/dense`.
  var place: String
  private var purse: Int

  init(_ file: HDF5File, place: String? = nil) {
    self.file = file
    self.place = place ?? file.place
    purse = max(file.allowance, file.bytes.count) * 4
  }

  /// The bytes of a structure.
  func block(at address: Int, count: Int, _ what: String) throws -> HDF5Block {
    guard address >= 0, count >= 0, address <= file.bytes.count, count <= file.bytes.count - address else {
      throw damaged("\(what) of \(count) bytes at \(address) lies beyond the end of the file at \(file.bytes.count)")
    }
    try pay(count + 8, what)
    return HDF5Block(self, what, address..<address + count)
  }

  func pay(_ count: Int, _ what: String) throws {
    guard count <= purse else { throw damaged("\(what) shares its bytes with too many others") }
    purse -= count
  }

  func damaged(_ what: String) -> ModelError {
    ModelError.damaged(place, "is damaged: \(what)")
  }

  func unsupported(_ what: String) -> ModelError {
    ModelError(.file, at: place, "cannot be read: it \(what). Write it with h5py's usual settings.")
  }
}

/// A cursor over a structure in a file. Numbers are stored lowest byte first.
struct HDF5Block {
  let reader: HDF5Reader
  /// What it is, for error messages.
  let what: String
  let range: Range<Int>
  var position: Int

  init(_ reader: HDF5Reader, _ what: String, _ range: Range<Int>) {
    (self.reader, self.what, self.range, position) = (reader, what, range, range.lowerBound)
  }

  var remaining: Int { range.upperBound - position }

  mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else {
      throw reader.damaged("\(what) at byte \(range.lowerBound) is too short: \(count) bytes are missing at \(position)")
    }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: reader.file.bytes[position..<position + count])
  }

  /// The next bytes as a structure of their own.
  mutating func part(_ count: Int) throws -> HDF5Block {
    let start = position
    _ = try take(count)
    return HDF5Block(reader, what, start..<start + count)
  }

  mutating func unsigned(_ width: Int) throws -> UInt64 {
    precondition(width <= 8)
    return try take(width).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A size, a count, an offset: nothing that a file can hold is beyond `Int`.
  mutating func integer(_ width: Int) throws -> Int {
    guard let number = Int(exactly: try unsigned(width)) else {
      throw reader.damaged("\(what) at byte \(range.lowerBound) has an impossible number at \(position - width)")
    }
    return number
  }

  mutating func length() throws -> Int { try integer(reader.file.superblock.lengthSize) }

  /// A place in the file; `nil` if it says that there is none.
  mutating func address() throws -> Int? {
    let width = reader.file.superblock.offsetSize
    let stored = try unsigned(width)
    guard stored != UInt64.max >> UInt64(64 - width * 8) else { return nil }
    let (address, overflow) = stored.addingReportingOverflow(UInt64(reader.file.superblock.base))
    guard !overflow, address <= reader.file.bytes.count else {
      throw reader.damaged("\(what) at byte \(range.lowerBound) points to byte \(stored), beyond the end of the file")
    }
    return Int(address)
  }

  /// A place that there must be.
  mutating func neededAddress() throws -> Int {
    guard let address = try address() else {
      throw reader.damaged("\(what) at byte \(range.lowerBound) lacks an address at \(position)")
    }
    return address
  }

  mutating func expect(_ signature: String) throws {
    guard try take(signature.utf8.count).elementsEqual(signature.utf8) else {
      throw reader.damaged("\(what) at byte \(range.lowerBound) does not begin with \(signature)")
    }
  }

  mutating func expectVersion(_ versions: ClosedRange<Int>) throws -> Int {
    let version = try integer(1)
    guard versions.contains(version) else {
      throw reader.unsupported("has \(what) of version \(version), known are \(versions.lowerBound) to \(versions.upperBound)")
    }
    return version
  }

  /// Compares the checksum that comes next with that of everything before it.
  mutating func expectChecksum() throws {
    let covered = UnsafeRawBufferPointer(rebasing: reader.file.bytes[range.lowerBound..<position])
    guard try unsigned(4) == UInt64(lookup3(covered)) || reader.file.ignoresChecksums else {
      throw reader.damaged("the checksum of \(what) at byte \(range.lowerBound) is wrong")
    }
  }

  /// Characters up to a zero, or all there are.
  mutating func text(_ count: Int) throws -> String {
    String(decoding: try take(count).prefix { $0 != 0 }, as: UTF8.self)
  }
}
