extension JSON {
  /// The document as Python's `json.dumps` writes it.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let flag): bytes += (flag ? "true" : "false").utf8
    case .int(let number): bytes += String(number).utf8
    case .double(let number): bytes += JSON.text(of: number).utf8
    case .string(let text): JSON.write(text, to: &bytes)
    case .array(let values):
      bytes += "[".utf8
      for (index, value) in values.enumerated() {
        if index > 0 { bytes += ", ".utf8 }
        value.write(to: &bytes)
      }
      bytes += "]".utf8
    case .object(let object):
      bytes += "{".utf8
      for (index, (key, value)) in zip(object.keys, object.values).enumerated() {
        if index > 0 { bytes += ", ".utf8 }
        JSON.write(key, to: &bytes)
        bytes += ": ".utf8
        value.write(to: &bytes)
      }
      bytes += "}".utf8
    }
  }

  /// The shortest digits that name the number, with an exponent from 1e16 on.
  private static func text(of number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    let text = "\(number)"
    guard number.magnitude >= 1e16, !text.contains("e") else { return text }
    // Swift writes numbers up to 2^54 without one.
    let digits = String(text.dropLast(2).drop { $0 == "-" })
    let fraction = String(digits.dropFirst().reversed().drop { $0 == "0" }.reversed())
    return (number < 0 ? "-" : "") + digits.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + "e+\(digits.count - 1)"
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes += "\"".utf8
    for unit in text.utf16 {
      switch unit {
      case 0x22: bytes += "\\\"".utf8
      case 0x5c: bytes += "\\\\".utf8
      case 0x08: bytes += "\\b".utf8
      case 0x0c: bytes += "\\f".utf8
      case 0x0a: bytes += "\\n".utf8
      case 0x0d: bytes += "\\r".utf8
      case 0x09: bytes += "\\t".utf8
      case 0x20..<0x7f: bytes.append(UInt8(unit))
      default:
        let digits = String(unit, radix: 16)
        bytes += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
      }
    }
    bytes += "\"".utf8
  }
}
