/// The values of a step or an epoch by name, in the order in which they came: `logs["val_loss"]`.
///
/// Names are Keras': `loss`, `accuracy`, and with `val_` before it the same measured on the validation data.
public struct Logs: Sendable, Equatable {
  /// The names, in the order in which they came.
  public private(set) var keys: [String] = []
  /// The values, in the same order.
  public private(set) var values: [Double] = []

  /// No values yet.
  public init() {}

  /// Values by name.
  public init(_ pairs: some Sequence<(String, Double)>) {
    for (name, value) in pairs { self[name] = value }
  }

  /// The value with this name. Where lessons differ, `acc` finds `accuracy` and the other way round.
  /// Setting `nil` takes the name away.
  public subscript(_ name: String) -> Double? {
    get {
      let index = keys.firstIndex(of: name) ?? Logs.otherSpelling(of: name).flatMap { keys.firstIndex(of: $0) }
      return index.map { values[$0] }
    }
    set {
      switch (keys.firstIndex(of: name), newValue) {
      case (let index?, let value?): values[index] = value
      case (nil, let value?):
        keys.append(name)
        values.append(value)
      case (let index?, nil):
        keys.remove(at: index)
        values.remove(at: index)
      case (nil, nil): break
      }
    }
  }

  /// `acc` for `accuracy` and `accuracy` for `acc`, with any prefix: courses before 2019 print the one, later ones the other.
  static func otherSpelling(of name: String) -> String? {
    if name == "acc" || name.hasSuffix("_acc") { return name + "uracy" }
    if name == "accuracy" || name.hasSuffix("_accuracy") { return String(name.dropLast("uracy".count)) }
    return nil
  }
}

extension Logs: Sequence {
  public func makeIterator() -> Zip2Sequence<[String], [Double]>.Iterator { zip(keys, values).makeIterator() }
  /// The number of values.
  public var count: Int { keys.count }
  /// Whether there is no value.
  public var isEmpty: Bool { keys.isEmpty }
}

extension Logs: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, Double)...) { self.init(elements) }
}

extension Logs: CustomStringConvertible {
  /// `accuracy: 0.8912 - loss: 0.3021`
  public var description: String { map { "\($0): \(shortNumber($1))" }.joined(separator: " - ") }
}

extension Logs: Codable {
  private enum CodingKeys: String, CodingKey { case names, values }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let names = try container.decode([String].self, forKey: .names)
    let values = try container.decode([AnyDouble].self, forKey: .values)
    guard names.count == values.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container, debugDescription: "\(names.count) names but \(values.count) values")
    }
    self.init(zip(names, values.map(\.value)))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(keys, forKey: .names)
    try container.encode(values.map(AnyDouble.init), forKey: .values)
  }
}

/// A number in a file that may be none: JSON has no NaN and no infinity, they are written as "nan", "inf" and "-inf".
struct AnyDouble: Codable {
  var value: Double

  init(_ value: Double) { self.value = value }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      value = number
    } else {
      let text = try container.decode(String.self)
      guard let number = Double(text) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is not a number")
      }
      value = number
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite { try container.encode(value) } else { try container.encode(shortNumber(value)) }
  }
}
