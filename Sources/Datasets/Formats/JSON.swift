/// A JSON document as Python reads and writes it: objects keep their order, whole numbers stay whole.
package enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case array([JSON])
  case object(Object)

  /// Keys and values in the order of the document. Of equal keys the last one counts, as in Python.
  package struct Object: Hashable, Sendable {
    private struct Field: Hashable, Sendable {
      var key: String
      var value: JSON
    }

    private var fields: [Field] = []
    /// Where keys stand; only kept for objects so large that looking through them would take long.
    private var places: [String: Int]?

    package init() {}

    package var count: Int { fields.count }
    package var isEmpty: Bool { fields.isEmpty }
    package var keys: [String] { fields.map(\.key) }
    package var values: [JSON] { fields.map(\.value) }

    package subscript(key: String) -> JSON? {
      get { place(of: key).map { fields[$0].value } }
      set {
        switch (place(of: key), newValue) {
        case (let place?, let value?): fields[place].value = value
        case (let place?, nil):
          fields.remove(at: place)
          places = nil
        case (nil, let value?):
          fields.append(Field(key: key, value: value))
          if places != nil || fields.count > 16 { places == nil ? index() : (places![key] = fields.count - 1) }
        case (nil, nil): break
        }
      }
    }

    private func place(of key: String) -> Int? {
      if let places { return places[key] }
      return fields.firstIndex { $0.key == key }
    }

    private mutating func index() {
      places = Dictionary(uniqueKeysWithValues: fields.enumerated().map { ($1.key, $0) })
    }

    /// The same object without regard to the order of its keys.
    package static func == (a: Self, b: Self) -> Bool {
      a.count == b.count && a.fields.allSatisfy { b[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(count) }
  }
}

// MARK: - Values

extension JSON {
  package var string: String? { if case .string(let text) = self { text } else { nil } }
  package var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  package var array: [JSON]? { if case .array(let values) = self { values } else { nil } }
  package var object: Object? { if case .object(let object) = self { object } else { nil } }
  package var isNull: Bool { self == .null }

  /// A whole number, however it was written.
  package var int: Int? {
    switch self {
    case .int(let number): number
    case .double(let number): Int(exactly: number)
    default: nil
    }
  }

  package var double: Double? {
    switch self {
    case .int(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  /// The value of that key, if this is an object that has it.
  package subscript(key: String) -> JSON? { object?[key] }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  package init(stringLiteral text: String) { self = .string(text) }
  package init(integerLiteral number: Int) { self = .int(number) }
  package init(floatLiteral number: Double) { self = .double(number) }
  package init(booleanLiteral flag: Bool) { self = .bool(flag) }
  package init(arrayLiteral values: JSON...) { self = .array(values) }
  package init(nilLiteral: ()) { self = .null }
  package init(dictionaryLiteral fields: (String, JSON)...) { self = .object(Object(fields)) }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
  package init(_ fields: [(String, JSON)]) {
    self.init()
    for (key, value) in fields { self[key] = value }
  }

  package init(dictionaryLiteral fields: (String, JSON)...) { self.init(fields) }
}
