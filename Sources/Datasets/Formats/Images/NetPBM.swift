import DeepSwiftEngine

/// The formats PGM (gray) and PPM (color): a few numbers as text, then the values as text or as bytes.
package enum NetPBM {
  package static func decode(_ file: [UInt8], place: String) throws -> ImagePixels {
    let kind = file.count > 1 ? file[1] : 0
    guard let (channels, isText) = [0x32: (1, true), 0x33: (3, true), 0x35: (1, false), 0x36: (3, false)][kind] else {
      throw ModelError(.file, at: place, "is a bitmap of single bits; of this family, P2, P3, P5 and P6 are read")
    }
    var text = Text(file, place)
    let width = try text.number("width"), height = try text.number("height"), most = try text.number("largest value")
    guard (1...65535).contains(most) else {
      throw ModelError(.file, at: place, "has values up to \(most), expected 1 to 65535")
    }
    let size = isText ? 1 : most > 255 ? 2 : 1
    // A number of text and the space behind it take two bytes.
    let count = try checkedSize(
      height: height, width: width, channels: channels, dataCount: file.count - text.position, most: 1, place: place)
    let bytes: [UInt8]
    if isText {
      bytes = try (0..<count).map { _ in try scaled(text.number("value"), most, place) }
    } else {
      // One space stands between the numbers and the bytes.
      let start = text.position + 1
      guard count * size <= file.count - start else {
        throw ModelError(.file, at: place, "is cut off: \(count * size) bytes of values are expected from byte \(start)")
      }
      bytes = try (0..<count).map {
        let value = size == 1 ? Int(file[start + $0]) : Int(file[start + 2 * $0]) << 8 | Int(file[start + 2 * $0 + 1])
        return try scaled(value, most, place)
      }
    }
    return ImagePixels(height: height, width: width, channels: channels, bytes: bytes)
  }

  /// A value of 0...most as one of 0...255.
  private static func scaled(_ value: Int, _ most: Int, _ place: String) throws -> UInt8 {
    guard value <= most else { throw ModelError(.file, at: place, "has the value \(value), more than its largest, \(most)") }
    return most == 255 ? UInt8(value) : UInt8((value * 255 + most / 2) / most)
  }

  /// Numbers between spaces; what follows a # is a comment.
  private struct Text {
    let file: [UInt8]
    let place: String
    var position = 2

    init(_ file: [UInt8], _ place: String) { (self.file, self.place) = (file, place) }

    mutating func number(_ name: String) throws -> Int {
      while position < file.count, isSpace(file[position]) || file[position] == 0x23 {
        if file[position] == 0x23 {
          while position < file.count, file[position] != 0x0a { position += 1 }
        } else {
          position += 1
        }
      }
      let start = position
      var value = 0
      while position < file.count, (0x30...0x39).contains(file[position]), position - start < 10 {
        value = value * 10 + Int(file[position] - 0x30)
        position += 1
      }
      guard position > start else {
        throw ModelError(.file, at: place, "has no number where its \(name) should stand, at byte \(start)")
      }
      return value
    }
  }
}
