import DeepSwiftEngine

extension JSON {
  /// Reads a document. `place` names it in errors.
  ///
  /// Strict, but for `NaN`, `Infinity` and `-Infinity`, which Python writes too.
  ///
  /// - Parameter isUnique: refuses objects in which a key stands twice, instead of taking the last one.
  package init(_ bytes: some Collection<UInt8>, place: String, isUnique: Bool = false) throws {
    var reader = JSONReader(Array(bytes), place: place, isUnique: isUnique)
    self = try reader.document()
  }

  package init(_ text: String, place: String) throws { try self.init(text.utf8, place: place) }
}

private struct JSONReader {
  /// Deeper documents are refused, since each level takes a call.
  static let deepest = 128

  let bytes: [UInt8]
  let place: String
  let isUnique: Bool
  var position = 0

  init(_ bytes: [UInt8], place: String, isUnique: Bool) {
    (self.bytes, self.place, self.isUnique) = (bytes, place, isUnique)
  }

  func fault(_ message: String) -> ModelError {
    ModelError.damaged(place, "is not valid JSON: \(message) at byte \(position)")
  }

  mutating func document() throws -> JSON {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw fault("something follows the document") }
    return value
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ byte: Character) -> Bool {
    guard next == byte.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func take(word: StaticString) -> Bool {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count,
      bytes[position..<end].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    else { return false }
    position = end
    return true
  }

  private mutating func value(depth: Int) throws -> JSON {
    guard depth <= Self.deepest else { throw fault("more than \(Self.deepest) levels of nesting") }
    skipSpace()
    guard let next else { throw fault("it ends too early") }
    switch Character(UnicodeScalar(next)) {
    case "{": return try object(depth)
    case "[": return try array(depth)
    case "\"": return .string(try string())
    case "t" where take(word: "true"): return true
    case "f" where take(word: "false"): return false
    case "n" where take(word: "null"): return nil
    case "N" where take(word: "NaN"): return .double(.nan)
    case "I" where take(word: "Infinity"): return .double(.infinity)
    case "-" where take(word: "-Infinity"): return .double(-.infinity)
    case "-", "0"..."9": return try number()
    default: throw fault("no value begins so")
    }
  }

  private mutating func object(_ depth: Int) throws -> JSON {
    var object = JSON.Object()
    position += 1
    skipSpace()
    if take("}") { return .object(object) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw fault("a key is missing") }
      let key = try string()
      guard !isUnique || object[key] == nil else { throw fault("the key \"\(key)\" stands there twice; the second one ends") }
      skipSpace()
      guard take(":") else { throw fault("a colon is missing") }
      object[key] = try value(depth: depth + 1)
      skipSpace()
    } while take(",")
    guard take("}") else { throw fault("a closing brace is missing") }
    return .object(object)
  }

  private mutating func array(_ depth: Int) throws -> JSON {
    var values: [JSON] = []
    position += 1
    skipSpace()
    if take("]") { return .array(values) }
    repeat {
      values.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw fault("a closing bracket is missing") }
    return .array(values)
  }

  private mutating func string() throws -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else { throw fault("a text that is not UTF-8 ends") }
        return string
      case UInt8(ascii: "\\"):
        position += 1
        try text.append(contentsOf: escaped().utf8)
      case 0..<0x20: throw fault("a control character stands in a text")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw fault("a text does not end")
  }

  private mutating func escaped() throws -> String {
    guard let byte = next else { throw fault("a text does not end") }
    position += 1
    switch Character(UnicodeScalar(byte)) {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "b": return "\u{8}"
    case "f": return "\u{c}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      let first = try fourDigits()
      if let scalar = UnicodeScalar(first) { return String(Character(scalar)) }
      // Half of a pair. Python writes a lone half too, which is no text.
      guard first < 0xdc00, take(word: "\\u") else { throw fault("half a character stands in a text") }
      let second = try fourDigits()
      guard 0xdc00..<0xe000 ~= second, let scalar = UnicodeScalar(0x10000 + (first - 0xd800) << 10 + second - 0xdc00) else {
        throw fault("half a character stands in a text")
      }
      return String(Character(scalar))
    default: throw fault("no escape looks so")
    }
  }

  private mutating func fourDigits() throws -> UInt32 {
    guard bytes.count - position >= 4 else { throw fault("a text does not end") }
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(UnicodeScalar(bytes[position])).hexDigitValue else { throw fault("no hexadecimal digit") }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = next, 0x30...0x39 ~= byte { position += 1 }
    return position - start
  }

  private mutating func number() throws -> JSON {
    let start = position
    _ = take("-")
    let leadsWithZero = next == UInt8(ascii: "0")
    let count = digits()
    guard count > 0, count == 1 || !leadsWithZero else { throw fault("no number looks so") }
    var isWhole = true
    if take(".") {
      isWhole = false
      guard digits() > 0 else { throw fault("digits are missing") }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if !take("+") { _ = take("-") }
      guard digits() > 0 else { throw fault("digits are missing") }
    }
    guard position - start <= 1_000 else { throw fault("a number of more than 1000 digits ends") }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    // Whole numbers beyond 64 bits become the nearest double.
    if isWhole, let int = Int(text) { return .int(int) }
    guard let double = Double(text) else { throw fault("no number looks so") }
    return .double(double)
  }
}
