import DeepSwiftDatasets
import DeepSwiftEngine

/// Reads a `Codable` value from Keras' configuration, and remembers which settings were asked for.
struct KerasDecoder: Decoder {
  let json: JSON
  let reader: KerasReader
  /// Settings that Keras calls something else.
  var names: [String: String] = [:]
  var codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  let used = Used()

  /// The settings of an object that were asked for.
  final class Used { var names: Set<String> = [] }

  init(_ json: JSON, _ reader: KerasReader, names: [String: String] = [:]) {
    (self.json, self.reader, self.names) = (json, reader, names)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let object = json.object else { throw reader.fault("settings are expected, found \(json.excerpt)") }
    return KeyedDecodingContainer(Keyed(object: object, decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let values = json.array else { throw reader.fault("a list is expected, found \(json.excerpt)") }
    return Unkeyed(values: values, decoder: self)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }
}

extension JSON {
  /// The beginning of it, for an error.
  var excerpt: String {
    let text = text
    return text.count <= 60 ? text : text.prefix(57) + "..."
  }
}

extension KerasReader {
  /// A value of that type. `name` is the setting, for errors.
  func value<T: Decodable>(_ type: T.Type, _ json: JSON, _ name: String) throws -> T {
    func expected(_ what: String) -> ModelError {
      fault(name.isEmpty ? "\(what) is expected, found \(json.excerpt)" : "\(name): \(what) is expected, found \(json.excerpt)")
    }
    if let type = type as? any KerasCoded.Type {
      guard let value = try type.init(json, self) as? T else { throw expected("\(T.self)") }
      return value
    }
    if type == Bool.self {
      let flag = json.bool ?? (json.int == 0 ? false : json.int == 1 ? true : nil)
      guard let value = flag as? T else { throw expected("true or false") }
      return value
    }
    if type == String.self {
      guard let value = json.string as? T else { throw expected("a text") }
      return value
    }
    if type == Float.self {
      guard let value = json.double.map({ Float($0) }) as? T else { throw expected("a number") }
      return value
    }
    if type == Double.self {
      guard let value = json.double as? T else { throw expected("a number") }
      return value
    }
    if let type = type as? any FixedWidthInteger.Type {
      // A seed may be an object that holds one.
      let number = json.int ?? (json["class_name"]?.string == "SeedGenerator" ? json["config"]?["seed"]?.int : nil)
      guard let number, let value = type.init(exactly: number) as? T else { throw expected("a whole number") }
      // Sizes are multiplied with one another; only seeds are as large as they like.
      guard type == UInt64.self || number.magnitude <= UInt(Shape.longestAxis) else { throw expected("a smaller number") }
      return value
    }
    if let type = type as? any RawRepresentable<String>.Type {
      guard let text = json.string, let value = enumeration(type, text) as? T else {
        throw expected("one of the cases of \(T.self)")
      }
      return value
    }
    return try T(from: KerasDecoder(json, self))
  }

  /// The case whose name is this in snake case.
  private func enumeration<E: RawRepresentable<String>>(_ type: E.Type, _ text: String) -> E? {
    let words = text.split(separator: "_")
    let name = words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return E(rawValue: text) ?? E(rawValue: name)
  }
}

private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let object: JSON.Object
  let decoder: KerasDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { object.keys.compactMap { Key(stringValue: $0) } }

  private func name(_ key: Key) -> String { kerasName(key, decoder.names) }

  func contains(_ key: Key) -> Bool {
    decoder.used.names.insert(name(key))
    return object[name(key)] != nil
  }

  private func json(_ key: Key) throws -> JSON {
    let name = name(key)
    decoder.used.names.insert(name)
    guard let json = object[name] else { throw decoder.reader.fault("the setting \(name) is missing. Save the model again.") }
    return json
  }

  func decodeNil(forKey key: Key) throws -> Bool { try json(key).isNull }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    let name = name(key)
    guard type is any KerasCoded.Type else { return try decoder.reader.value(type, json(key), name) }
    // Values in a form of their own tell themselves what stands for none.
    decoder.used.names.insert(name)
    return try decoder.reader.within(name) { try decoder.reader.value(type, object[name] ?? .null, name) }
  }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try KerasDecoder(json(key), decoder.reader).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try KerasDecoder(json(key), decoder.reader).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder {
    decoder.used.names.insert("super")
    return KerasDecoder(object["super"] ?? .null, decoder.reader)
  }
  func superDecoder(forKey key: Key) throws -> any Decoder { KerasDecoder(try json(key), decoder.reader) }
}

private struct Unkeyed: UnkeyedDecodingContainer {
  let values: [JSON]
  let decoder: KerasDecoder
  var currentIndex = 0
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex >= values.count }

  private mutating func next() throws -> JSON {
    guard !isAtEnd else { throw decoder.reader.fault("a list of \(values.count) values is too short") }
    defer { currentIndex += 1 }
    return values[currentIndex]
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, values[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.reader.value(type, next(), "") }
  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
    try KerasDecoder(next(), decoder.reader).container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try KerasDecoder(next(), decoder.reader).unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder { KerasDecoder(try next(), decoder.reader) }
}

private struct Single: SingleValueDecodingContainer {
  let decoder: KerasDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.json.isNull }
  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    try decoder.reader.value(type, decoder.json, "")
  }
}
