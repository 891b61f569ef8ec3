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
package func plainType(mangled name: String) -> Any.Type? {
  if let number: Any.Type = ["Sf": Float.self, "Sd": Double.self, "Si": Int.self][name] { return number }
  let bytes = Array(name.utf8)
  guard bytes.count <= 512, bytes.allSatisfy(PlainName.isIdentifier) else { return nil }
  var position = 0, identifiers = 0, kinds = 0
  while position < bytes.count {
    switch bytes[position] {
    case UInt8(ascii: "0"):
      // Words of earlier identifiers: letters that name them, the last one a capital, then perhaps more text or another 0.
      position += 1
      while position < bytes.count, PlainName.isLetter(bytes[position]) {
        let isLast = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= bytes[position]
        position += 1
        if isLast { break }
      }
      if position < bytes.count, bytes[position] == UInt8(ascii: "0") { position += 1 }
      identifiers += 1
    case UInt8(ascii: "1")...UInt8(ascii: "9"):
      var length = 0
      while position < bytes.count, PlainName.isDigit(bytes[position]), length <= bytes.count {
        length = length * 10 + Int(bytes[position] - 0x30)
        position += 1
      }
      guard length <= bytes.count - position else { return nil }
      position += length
      identifiers += 1
    // A type that is private to its file.
    case UInt8(ascii: "L") where bytes[position...].starts(with: "LL".utf8): position += 2
    case UInt8(ascii: "V"), UInt8(ascii: "C"), UInt8(ascii: "O"):
      guard identifiers >= 2 else { return nil }
      kinds += 1
      position += 1
    default: return nil
    }
  }
  guard kinds > 0, kinds <= 8, identifiers <= 24 else { return nil }
  return _typeByName(name)
}
