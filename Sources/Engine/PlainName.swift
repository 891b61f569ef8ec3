/// A name that may be looked up among the program's types: a letter or underscore, then letters, digits and underscores.
///
/// Swift finds types by names in a language of its own, in which a hostile text could ask for anything. Only plain names get
/// there.
package struct PlainName {
  package let text: String

  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard (1...128).contains(bytes.count), PlainName.isLetter(bytes[0]), bytes.allSatisfy(PlainName.isIdentifier) else {
      return nil
    }
    self.text = text
  }

  /// The struct, class or enumeration of that name in this module.
  package func type(_ name: PlainName) -> Any.Type? {
    let mangled = "\(text.utf8.count)\(text)\(name.text.utf8.count)\(name.text)"
    return ["V", "C", "O"].lazy.compactMap { _typeByName(mangled + $0) }.first
  }

  fileprivate static func isLetter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    default: false
    }
  }

  fileprivate static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
  fileprivate static func isIdentifier(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
}

/// The type of a mangled name, if it is one of a plain type: identifiers, one inside of the other, each with its kind.
///
/// What else the language of mangled names has (generic types, substitutions, functions) is refused before Swift reads it.
/// Types that are private to a file have no name by which they could be found.
package func plainType(mangled name: String) -> Any.Type? {
  if let number: Any.Type = ["Sf": Float.self, "Sd": Double.self, "Si": Int.self][name] { return number }
  var reader = MangledNameReader(bytes: Array(name.utf8))
  return reader.isPlainType() ? _typeByName(name) : nil
}

/// Walks over a mangled name, to see what it is made of.
private struct MangledNameReader {
  let bytes: [UInt8]
  var position = 0

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// A module and a type, or several within one another, each with the letter of its kind.
  mutating func isPlainType() -> Bool {
    guard bytes.count <= 512, bytes.allSatisfy(PlainName.isIdentifier), identifier() else { return false }
    var kinds = 0
    while next != nil {
      guard kinds < 8, identifier() else { return false }
      guard let kind = next, "VCO".utf8.contains(kind) else { return false }
      position += 1
      kinds += 1
    }
    return kinds > 0
  }

  /// A length and so many letters; after a 0, also letters that stand for words of earlier names, the last one a capital.
  private mutating func identifier() -> Bool {
    guard let first = next, PlainName.isDigit(first) else { return false }
    var hasWords = first == UInt8(ascii: "0")
    if hasWords { position += 1 }
    repeat {
      while hasWords, let letter = next, PlainName.isLetter(letter) {
        hasWords = !(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= letter)
        position += 1
      }
      if next == UInt8(ascii: "0") {
        position += 1
        return true
      }
      var length = 0
      while let digit = next, PlainName.isDigit(digit), length <= bytes.count {
        length = length * 10 + Int(digit - 0x30)
        position += 1
      }
      guard length > 0, length <= bytes.count - position else { return false }
      position += length
    } while hasWords
    return true
  }
}
