/// A setting whose type is only known as a protocol, made storable: the name of its type is stored beside it.
///
/// ```swift
/// struct MyLayer: Layer {
///   @Coded var kernelInitializer: any Initializer = .glorotUniform
/// }
/// ```
@propertyWrapper public struct Coded<Value> {
  /// The value itself.
  public var wrappedValue: Value
  /// Wraps a value.
  public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
}

extension Coded: Sendable where Value: Sendable {}

extension Coded: Codable {
  private enum Key: String, CodingKey { case type, settings }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    guard let name = try values.decodeIfPresent(String.self, forKey: .type) else {
      guard let none = Optional<Any>.none as? Value else {
        throw DecodingError.dataCorruptedError(forKey: .type, in: values, debugDescription: "a \(Value.self) is missing")
      }
      wrappedValue = none
      return
    }
    guard let type = plainType(mangled: name) as? any Decodable.Type else {
      throw DecodingError.dataCorruptedError(
        forKey: .type, in: values, debugDescription: "the type \"\(name)\" is not part of this program")
    }
    guard let value = try values.decode(type, forKey: .settings) as? Value else {
      throw DecodingError.dataCorruptedError(
        forKey: .type, in: values, debugDescription: "the type \"\(type)\" is no \(Value.self)")
    }
    wrappedValue = value
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    guard let value = wrappedValue as? any Encodable else { return }
    try values.encode(_mangledTypeName(type(of: value)), forKey: .type)
    try values.encode(value, forKey: .settings)
  }
}
