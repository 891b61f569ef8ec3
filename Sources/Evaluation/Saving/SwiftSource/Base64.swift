/// Bytes as text.
enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Lines of at most so many letters.
  static func lines(_ bytes: UnsafeRawBufferPointer, ofLength length: Int) -> String {
    var text: [UInt8] = [], column = 0
    text.reserveCapacity(bytes.count * 4 / 3 + bytes.count / 80 + 8)
    func add(_ letter: UInt8) {
      if column == length {
        text.append(UInt8(ascii: "\n"))
        column = 0
      }
      text.append(letter)
      column += 1
    }
    var place = 0
    while place < bytes.count {
      let group = (0..<3).map { place + $0 < bytes.count ? UInt32(bytes[place + $0]) : 0 }
      let bits = group[0] << 16 | group[1] << 8 | group[2], count = min(3, bytes.count - place)
      for letter in 0...count { add(letters[Int(bits >> (18 - 6 * UInt32(letter)) & 63)]) }
      place += 3
    }
    return String(decoding: text, as: UTF8.self)
  }
}
