import DeepSwiftEngine

/// A zip file: members that are stored or deflated, with 64-bit sizes where needed.
///
/// Sizes come from the directory at the end of the file, where they are known even if the members were written as a stream.
package struct ZipArchive {
  package struct Member {
    package let name: String
    /// The size of the contents.
    package let size: Int
    fileprivate let method: UInt16
    fileprivate let flags: UInt16
    fileprivate let checksum: UInt32
    fileprivate let storedSize: Int
    fileprivate let headerPosition: Int
  }

  package let members: [Member]
  /// The whole file.
  package let file: Storage
  private let place: String
  private let ignoresChecksums: Bool

  /// The file is not read but where something is asked for.
  package init(path: String) throws { try self.init(Files.map(path), place: path) }

  /// `place` is the file's name in error messages.
  package init(_ bytes: [UInt8], place: String) throws {
    try self.init(Storage(copying: bytes), place: place)
  }

  /// - Parameter ignoringChecksums: for tests, that want to know whether what lies behind wrong ones is safe.
  package init(_ file: Storage, place: String, ignoringChecksums: Bool = false) throws {
    self.file = file
    self.place = place
    ignoresChecksums = ignoringChecksums
    var (reader, count) = try ZipArchive.directory(of: file, place: place)
    var members: [Member] = []
    while members.count < count { members.append(try ZipArchive.takeMember(&reader)) }
    // Members that share bytes are a way to make a small file unpack without end.
    let stored = members.reduce(0) { $0.addingReportingOverflow($1.storedSize).partialValue }
    guard (0...file.byteCount).contains(stored) else { throw ModelError.damaged(place, "has members that overlap") }
    self.members = members
  }

  /// The contents of the member with this name.
  package func contents(of name: String) throws -> [UInt8] {
    guard let member = members.last(where: { $0.name == name }) else {
      throw ModelError(.file, at: place, "has no member \(name), only \(members.map(\.name).sorted())")
    }
    return try contents(of: member)
  }

  package func contents(of member: Member) throws -> [UInt8] {
    let place = "\(place), member \(member.name)"
    let range = try storedRange(of: member)
    switch member.method {
    case 0: return Array(file.slice(try contentsRange(of: member) ?? range))
    case 8:
      guard member.size <= max(256 << 20, member.storedSize.multipliedReportingOverflow(by: 100).partialValue) else {
        throw ModelError.damaged(place, "unpacks to \(member.size) bytes, more than 100 times its size")
      }
      let contents = try inflated(Array(file.slice(range))[...], .raw, size: member.size, place: place)
      try contents.withUnsafeBytes { try check($0, member) }
      return contents
    default:
      throw ModelError(
        .file, at: place, "is compressed by method \(member.method), which is not read. Write it again, deflated or stored.")
    }
  }

  /// Where the contents lie in the file, checked against their checksum; `nil` if they are compressed.
  package func contentsRange(of member: Member) throws -> Range<Int>? {
    guard member.method == 0 else { return nil }
    let range = try storedRange(of: member)
    guard member.size == member.storedSize else {
      throw ModelError.damaged("\(place), member \(member.name)", "has \(member.storedSize) bytes, expected \(member.size)")
    }
    try check(file.slice(range), member)
    return range
  }

  private func check(_ contents: UnsafeRawBufferPointer, _ member: Member) throws {
    guard ignoresChecksums || crc32(contents) == member.checksum else {
      throw ModelError.damaged("\(place), member \(member.name)", "is damaged: its checksum is wrong")
    }
  }

  private func storedRange(of member: Member) throws -> Range<Int> {
    let place = "\(place), member \(member.name)"
    var reader = ByteReader(file.window(from: member.headerPosition, count: 30), place: place)
    guard try reader.take(littleEndian: UInt32.self) == 0x0403_4b50 else {
      throw ModelError.damaged(place, "does not begin where the directory says")
    }
    guard member.flags & 1 == 0 else { throw ModelError(.file, at: place, "is encrypted. Write it again without a password.") }
    _ = try reader.take(22)
    let nameLength = Int(try reader.take(littleEndian: UInt16.self))
    let extraLength = Int(try reader.take(littleEndian: UInt16.self))
    let start = member.headerPosition + 30 + nameLength + extraLength
    guard start <= file.byteCount, member.storedSize <= file.byteCount - start else {
      throw ModelError.damaged(place, "ends before its \(member.storedSize) bytes: the file is cut off")
    }
    return start..<start + member.storedSize
  }

  /// The first entry of the directory, and the number of entries.
  private static func directory(of file: Storage, place: String) throws -> (ByteReader, Int) {
    // The end record is 22 bytes long, and a comment of up to 65 535 bytes may follow; 20 bytes before it may be the
    // place of its 64-bit sibling.
    let base = max(0, file.byteCount - 22 - 65535 - 20), bytes = file.window(from: base, count: file.byteCount - base)
    let candidates = stride(from: bytes.count - 22, through: 0, by: -1)
    guard
      let end = candidates.first(where: { bytes[$0] == 0x50 && bytes[$0...].starts(with: [0x50, 0x4b, 5, 6]) })
    else { throw ModelError.damaged(place, "is not a zip file") }

    var reader = ByteReader(bytes, at: end + 10, place: place)
    var count = Int(try reader.take(littleEndian: UInt16.self))
    var size = Int(try reader.take(littleEndian: UInt32.self))
    var start = Int(try reader.take(littleEndian: UInt32.self))
    let locator = end - 20
    if count == 0xffff || size == 0xffff_ffff || start == 0xffff_ffff, locator >= 0,
      bytes[locator...].starts(with: [0x50, 0x4b, 6, 7])
    {
      reader.position = locator + 8
      reader = ByteReader(file.window(from: try reader.takeSize(UInt64.self), count: 56), place: place)
      guard try reader.take(littleEndian: UInt32.self) == 0x0606_4b50 else {
        throw ModelError.damaged(place, "has a damaged directory")
      }
      _ = try reader.take(28)
      count = try reader.takeSize(UInt64.self)
      size = try reader.takeSize(UInt64.self)
      start = try reader.takeSize(UInt64.self)
    }
    // Every entry takes 46 bytes or more.
    guard start <= base + end, size <= base + end - start, count <= size / 46 else {
      throw ModelError.damaged(place, "has a damaged directory")
    }
    return (ByteReader(file.window(from: start, count: size), place: place), count)
  }

  private static func takeMember(_ reader: inout ByteReader) throws -> Member {
    guard try reader.take(littleEndian: UInt32.self) == 0x0201_4b50 else {
      throw ModelError.damaged(reader.place, "has a damaged directory")
    }
    _ = try reader.take(4)
    let flags = try reader.take(littleEndian: UInt16.self)
    let method = try reader.take(littleEndian: UInt16.self)
    _ = try reader.take(4)
    let checksum = try reader.take(littleEndian: UInt32.self)
    var storedSize = try reader.takeSize(UInt32.self)
    var size = try reader.takeSize(UInt32.self)
    let nameLength = try reader.takeSize(UInt16.self)
    let extraLength = try reader.takeSize(UInt16.self)
    let commentLength = try reader.takeSize(UInt16.self)
    _ = try reader.take(8)
    var position = try reader.takeSize(UInt32.self)
    let name = String(decoding: try reader.take(nameLength), as: UTF8.self)
    var extra = ByteReader(Array(try reader.take(extraLength)), place: reader.place)
    _ = try reader.take(commentLength)
    while extra.remaining >= 4 {
      let kind = try extra.take(littleEndian: UInt16.self)
      var field = ByteReader(Array(try extra.take(extra.takeSize(UInt16.self))), place: reader.place)
      guard kind == 1 else { continue }
      // The 64-bit field holds, in this order, only what did not fit into 32 bits.
      if size == 0xffff_ffff { size = try field.takeSize(UInt64.self) }
      if storedSize == 0xffff_ffff { storedSize = try field.takeSize(UInt64.self) }
      if position == 0xffff_ffff { position = try field.takeSize(UInt64.self) }
    }
    return Member(
      name: name, size: size, method: method, flags: flags, checksum: checksum, storedSize: storedSize,
      headerPosition: position)
  }
}

extension ByteReader {
  /// A size or position, which fits into `Int` unless the file is damaged.
  fileprivate mutating func takeSize<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Int {
    guard let size = Int(exactly: try take(littleEndian: type)) else {
      throw ModelError.damaged(place, "has an impossible size at byte \(position)")
    }
    return size
  }
}

extension Storage {
  /// Bytes where they lie.
  fileprivate func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: bytes + range.lowerBound, count: range.count)
  }

  /// A copy of some bytes, as many as there are of those.
  fileprivate func window(from start: Int, count: Int) -> [UInt8] {
    guard (0...byteCount).contains(start), count > 0 else { return [] }
    return Array(slice(start..<start + min(count, byteCount - start)))
  }
}

/// Puts a zip file together.
package struct ZipWriter {
  private var pieces: [FilePiece] = []
  private var position = 0
  private var directory: [UInt8] = []
  private var count = 0

  package init() {}

  package mutating func add(_ name: String, _ contents: [UInt8], compressed: Bool = false) {
    if compressed {
      add(name, [.bytes(deflated(contents, .raw))], size: contents.count, crc32(contents[...]), method: 8)
    } else {
      add(name, [.bytes(contents)])
    }
  }

  /// A member that is stored as it is, in parts, which are not copied.
  package mutating func add(_ name: String, _ contents: [FilePiece]) {
    let checksum = contents.reduce(UInt32(0)) { sum, piece in piece.withUnsafeBytes { crc32($0, after: sum) } }
    add(name, contents, size: contents.reduce(0) { $0 + $1.count }, checksum, method: 0)
  }

  private mutating func add(_ name: String, _ data: [FilePiece], size: Int, _ checksum: UInt32, method: UInt16) {
    let storedSize = data.reduce(0) { $0 + $1.count }
    var header: [UInt8] = []
    header.append(littleEndian: UInt16(20))  // version 2.0 can read it
    header.append(littleEndian: UInt16(0x0800))  // names are UTF-8
    header.append(littleEndian: method)
    header.append(littleEndian: UInt16(0))  // midnight
    header.append(littleEndian: UInt16(0x0021))  // on 1 January 1980: the same contents make the same file
    header.append(littleEndian: checksum)
    header.append(littleEndian: UInt32(truncatingIfNeeded: storedSize))
    header.append(littleEndian: UInt32(truncatingIfNeeded: size))
    header.append(littleEndian: UInt16(truncatingIfNeeded: name.utf8.count))
    header.append(littleEndian: UInt16(0))
    var start: [UInt8] = []
    start.append(littleEndian: UInt32(0x0403_4b50))
    start += header
    start += name.utf8
    pieces.append(.bytes(start))
    pieces += data
    directory.append(littleEndian: UInt32(0x0201_4b50))
    directory.append(littleEndian: UInt16(20))
    directory += header
    directory += [UInt8](repeating: 0, count: 10)  // no comment, first disk, no attributes
    directory.append(littleEndian: UInt32(truncatingIfNeeded: position))
    directory += name.utf8
    position += start.count + storedSize
    count += 1
  }

  /// The zip file in parts. More than 4 GiB or 65 535 members are an error.
  package func finishedPieces(place: String) throws -> [FilePiece] {
    guard position < 0xffff_ffff, count < 0xffff else {
      throw ModelError(.file, at: place, "would have \(position) bytes and \(count) members, too many for a zip file")
    }
    var end: [UInt8] = []
    end.append(littleEndian: UInt32(0x0605_4b50))
    end.append(littleEndian: UInt32(0))
    end.append(littleEndian: UInt16(count))
    end.append(littleEndian: UInt16(count))
    end.append(littleEndian: UInt32(directory.count))
    end.append(littleEndian: UInt32(position))
    end.append(littleEndian: UInt16(0))
    return pieces + [.bytes(directory + end)]
  }

  package func finished(place: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    for piece in try finishedPieces(place: place) { piece.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }
}
