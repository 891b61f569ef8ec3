import DeepSwiftEngine

/// The files in a tar archive, by name. Long names in GNU's and POSIX's way are understood.
package struct TarArchive {
  package let files: [(name: String, contents: ArraySlice<UInt8>)]

  package init(_ bytes: [UInt8], place: String) throws {
    var reader = ByteReader(bytes, place: place)
    var files: [(name: String, contents: ArraySlice<UInt8>)] = []
    var longName: String?
    while reader.remaining >= 512 {
      let header = Array(try reader.take(512))
      if header.allSatisfy({ $0 == 0 }) { break }
      guard TarArchive.checksum(of: header) == TarArchive.number(header[148..<156]),
        let size = TarArchive.number(header[124..<136])
      else { throw ModelError.damaged(place, "is not a tar archive, or is damaged before byte \(reader.position)") }
      let contents = try reader.take(size)
      // Contents are filled up to a whole block, except perhaps at the end of the file.
      _ = try reader.take(min(reader.remaining, (512 - size % 512) % 512))

      switch header[156] {
      case UInt8(ascii: "0"), 0:
        let prefix = header[257...].starts(with: "ustar".utf8) ? TarArchive.text(header[345..<500]) : ""
        let name = (prefix.isEmpty ? "" : prefix + "/") + TarArchive.text(header[0..<100])
        files.append((longName ?? name, contents))
        longName = nil
      case UInt8(ascii: "L"): longName = TarArchive.text(contents)
      case UInt8(ascii: "x"): longName = TarArchive.path(inRecords: contents) ?? longName
      default: longName = nil  // a folder, a link: nothing to read
      }
    }
    guard !files.isEmpty else { throw ModelError(.file, at: place, "is not a tar archive, or holds no files") }
    self.files = files
  }

  /// The sum of the header's bytes, with the place of the sum itself filled with blanks.
  private static func checksum(of header: [UInt8]) -> Int {
    header.enumerated().reduce(0) { $0 + Int((148..<156).contains($1.offset) ? 0x20 : $1.element) }
  }

  /// Octal digits, or, after a byte of 0x80, a number in base 256.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    if field.first == 0x80 {
      return field.dropFirst().prefix(while: { $0 == 0 }).count + 1 + 7 < field.count
        ? nil : field.dropFirst().reduce(0) { $0 << 8 | Int($1) }
    }
    let digits = field.filter { $0 != 0 && $0 != 0x20 }
    return Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
  }

  private static func text(_ field: ArraySlice<UInt8>) -> String {
    String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The value of `path` in lines such as `27 path=folder/long name\n`, which begin with their length.
  private static func path(inRecords records: ArraySlice<UInt8>) -> String? {
    for line in String(decoding: records, as: UTF8.self).split(separator: "\n") {
      if let text = line.split(separator: " ", maxSplits: 1).last, text.hasPrefix("path=") {
        return String(text.dropFirst(5))
      }
    }
    return nil
  }
}
