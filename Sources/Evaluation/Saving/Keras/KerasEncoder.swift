import DeepSwiftDatasets
import DeepSwiftEngine

/// Writes a `Codable` value as Keras' configuration: each setting under its own name in snake case.
struct KerasEncoder: Encoder {
  let writer: KerasWriter
  /// Settings that Keras calls something else.
  var names: [String: String] = [:]
  var codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  fileprivate var place = Place()

  init(_ writer: KerasWriter, names: [String: String] = [:]) { (self.writer, self.names) = (writer, names) }

  var result: JSON { place.json }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .keyed = place.content {} else { place.content = .keyed([]) }
    return KeyedEncodingContainer(Keyed(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .list = place.content {} else { place.content = .list([]) }
    return Unkeyed(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(encoder: self) }

  /// An encoder of something inside of this.
  fileprivate func inner(_ name: String?) -> KerasEncoder {
    var inner = KerasEncoder(writer)
    inner.codingPath = codingPath
    add(inner.place, name)
    return inner
  }

  fileprivate func add(_ value: JSON, _ name: String?) {
    let new = Place()
    new.content = .value(value)
    add(new, name)
  }

  private func add(_ new: Place, _ name: String?) {
    switch place.content {
    case .keyed(let fields): place.content = .keyed(fields + [(name ?? "super", new)])
    case .list(let values): place.content = .list(values + [new])
    case .value: place.content = new.content
    }
  }

  /// A value in the making: what is nested in it may still grow.
  fileprivate final class Place {
    enum Content {
      case value(JSON)
      case list([Place])
      case keyed([(String, Place)])
    }
    var content = Content.value([:])

    var json: JSON {
      switch content {
      case .value(let json): json
      case .list(let values): .array(values.map(\.json))
      case .keyed(let fields): .object(JSON.Object(fields.map { ($0, $1.json) }))
      }
    }
  }
}

extension KerasWriter {
  /// Any value, in its own form if it has one.
  func json(of value: some Encodable) throws -> JSON {
    switch value {
    case let value as any KerasCoded: return try value.json(self)
    case let value as Bool: return .bool(value)
    case let value as String: return .string(value)
    // The digits that name the number as a float: 0.1 instead of 0.10000000149.
    case let value as Float: return .double(Double("\(value)") ?? Double(value))
    case let value as Double: return .double(value)
    case let value as any BinaryInteger:
      guard let int = Int(exactly: value) else { throw fault("the number \(value) is larger than Python's Keras takes") }
      return .int(int)
    // The cases of an enumeration have their names changed like settings.
    case let value as any RawRepresentable<String>: return .string(snakeCase(value.rawValue))
    default:
      let encoder = KerasEncoder(self)
      try value.encode(to: encoder)
      return encoder.result
    }
  }
}

/// The name of a setting; keys of dictionaries are data and stay as they are.
func kerasName(_ key: some CodingKey, _ names: [String: String]) -> String {
  if "\(type(of: key))" == "_DictionaryCodingKey" { return key.stringValue }
  return names[key.stringValue] ?? snakeCase(key.stringValue)
}

private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: KerasEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  private func name(_ key: Key) -> String { kerasName(key, encoder.names) }

  func encodeNil(forKey key: Key) throws { encoder.add(.null, name(key)) }
  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    encoder.add(try encoder.writer.json(of: value), name(key))
  }

  // Keras writes what is not set as null.
  func encodeIfPresent<T: Encodable>(_ value: T?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: String?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: Double?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: Float?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: Int8?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: Int16?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: Int32?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: Int64?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: UInt?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: UInt8?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: UInt16?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: UInt32?, forKey key: Key) throws { try optional(value, key) }
  func encodeIfPresent(_ value: UInt64?, forKey key: Key) throws { try optional(value, key) }

  private func optional<T: Encodable>(_ value: T?, _ key: Key) throws {
    encoder.add(try value.map { try encoder.writer.json(of: $0) } ?? .null, name(key))
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
    encoder.inner(name(key)).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder.inner(name(key)).unkeyedContainer()
  }
  func superEncoder() -> any Encoder { encoder.inner("super") }
  func superEncoder(forKey key: Key) -> any Encoder { encoder.inner(name(key)) }
}

private struct Unkeyed: UnkeyedEncodingContainer {
  let encoder: KerasEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }
  var count: Int { if case .list(let values) = encoder.place.content { values.count } else { 0 } }

  func encodeNil() throws { encoder.add(.null, nil) }
  func encode<T: Encodable>(_ value: T) throws { encoder.add(try encoder.writer.json(of: value), nil) }
  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    encoder.inner(nil).container(keyedBy: type)
  }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder.inner(nil).unkeyedContainer() }
  func superEncoder() -> any Encoder { encoder.inner(nil) }
}

private struct Single: SingleValueEncodingContainer {
  let encoder: KerasEncoder
  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil() throws { encoder.place.content = .value(.null) }
  func encode<T: Encodable>(_ value: T) throws { encoder.place.content = .value(try encoder.writer.json(of: value)) }
}
