import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

extension Coded: KerasCoded {
  init(_ json: JSON, _ reader: KerasReader) throws {
    if json.isNull, let none = Optional<Any>.none as? Value {
      self.init(wrappedValue: none)
      return
    }
    guard let kind = KerasKind(required: Value.self) else { throw reader.fault("a \(Value.self) has no place in Keras") }
    if kind == .schedule, let rate = json.double.map({ Float($0) }) as? Value {
      self.init(wrappedValue: rate)
      return
    }
    if kind == .layer, let layer = try reader.innerLayer(json) as? Value {
      self.init(wrappedValue: layer)
      return
    }
    self.init(wrappedValue: try reader.object(kind, json))
  }

  func json(_ writer: KerasWriter) throws -> JSON {
    switch wrappedValue as Any {
    case let rate as Float: .double(Double(rate))
    case let number as any BinaryFloatingPoint: .double(Double(number))
    case let number as Int: .int(number)
    case let layer as any Layer: try writer.innerLayer(layer)
    case let value as any Encodable where KerasKind(of: value) != nil: try writer.object(value)
    default: .null
    }
  }
}

extension Extent2D: KerasCoded {
  init(_ json: JSON, _ reader: KerasReader) throws {
    func isSmall(_ length: Int) -> Bool { length.magnitude <= UInt(Shape.longestAxis) }
    if let both = json.int, isSmall(both) {
      self.init(both)
    } else if let lengths = json.array?.map(\.int), lengths.count == 2, let height = lengths[0], let width = lengths[1],
      isSmall(height), isSmall(width)
    {
      self.init(height, width)
    } else {
      throw reader.fault("a height and a width are expected, found \(json.excerpt)")
    }
  }

  func json(_ writer: KerasWriter) -> JSON { [.int(height), .int(width)] }
}

extension Shape: KerasCoded {
  init(_ json: JSON, _ reader: KerasReader) throws {
    guard let lengths = json.array, lengths.count <= Shape.mostAxes,
      lengths.allSatisfy({ $0.int.map { $0.magnitude <= UInt(Shape.longestAxis) } ?? false })
    else {
      throw reader.fault("a shape of at most \(Shape.mostAxes) axes of known length is expected, found \(json.excerpt)")
    }
    self.init(lengths.compactMap(\.int))
  }

  func json(_ writer: KerasWriter) -> JSON { .array(dimensions.map { .int($0) }) }
}

extension VarianceScaling.Mode: KerasCoded {
  private static let names: [(VarianceScaling.Mode, String)] = [
    (.fanIn, "fan_in"), (.fanOut, "fan_out"), (.fanAverage, "fan_avg"),
  ]

  init(_ json: JSON, _ reader: KerasReader) throws {
    guard let known = Self.names.first(where: { $0.1 == json.string }) else {
      throw reader.fault("mode: fan_in, fan_out or fan_avg is expected, found \(json.excerpt)")
    }
    self = known.0
  }

  func json(_ writer: KerasWriter) -> JSON { Self.names.first { $0.0 == self }.map { .string($0.1) } ?? .null }
}

extension GradientClipping: KerasCoded {
  static let names = ["clipvalue", "clipnorm", "global_clipnorm"]

  init(_ json: JSON, _ reader: KerasReader) throws {
    let given = Self.names.filter { json[$0]?.double != nil }
    guard given.count == 1, let limit = json[given[0]]?.double.map({ Float($0) }) else {
      throw reader.fault("one of \(Self.names) is expected, found \(json.excerpt)")
    }
    self = given[0] == "clipvalue" ? .value(limit) : given[0] == "clipnorm" ? .norm(limit) : .globalNorm(limit)
  }

  func json(_ writer: KerasWriter) throws -> JSON {
    switch self {
    case .value(let limit): [Self.names[0]: try writer.json(of: limit)]
    case .norm(let limit): [Self.names[1]: try writer.json(of: limit)]
    case .globalNorm(let limit): [Self.names[2]: try writer.json(of: limit)]
    }
  }
}
