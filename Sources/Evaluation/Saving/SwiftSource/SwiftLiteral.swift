import DeepSwiftEngine

/// Values as they are written in Swift.
enum SwiftLiteral {
  static func number(_ number: Float) -> String {
    if number.isFinite { return "\(number)" }
    return number.isNaN ? ".nan" : number > 0 ? ".infinity" : "-.infinity"
  }

  static func list(_ numbers: [Int]) -> String { "[\(numbers.map(String.init).joined(separator: ", "))]" }

  /// Numbers of a weight or constant: few of them as they are, many as base64, which compiles a thousand times faster.
  static func values(_ tensor: Tensor) -> String {
    let shape = list(tensor.shape.dimensions)
    if tensor.count <= 8 {
      return "Values(\(shape), [\(tensor.floats.map(number).joined(separator: ", "))])"
    }
    let text = tensor.withUnsafeBytes { Base64.lines($0, ofLength: 120) }
    return "stored(\(shape), \"\"\"\n\(text)\n\"\"\")"
  }

  private static let keywords: Set<String> = [
    "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit", "do", "else", "enum",
    "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal",
    "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "self",
    "Self", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where",
    "while", "Any", "Type", "some", "any",
  ]

  static func isKeyword(_ name: String) -> Bool { keywords.contains(name) }

  /// `conv2d_1/bias` as `conv2d1Bias`: letters and digits, humps where anything else stood.
  static func identifier(_ name: String) -> String {
    var result = "", startsWord = false
    for letter in name {
      guard letter.isASCII, letter.isLetter || letter.isNumber else {
        startsWord = !result.isEmpty
        continue
      }
      result += startsWord ? letter.uppercased() : String(letter)
      startsWord = false
    }
    guard let first = result.first else { return "value" }
    return first.isNumber ? "value\(result)" : first.lowercased() + result.dropFirst()
  }
}
