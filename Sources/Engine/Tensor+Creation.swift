/// The Swift numbers that a tensor can be made from: `Float`, `Double` (stored as float32), `Int32`, `Int` (stored as
/// int32), `UInt8` and `Bool` (stored as uint8).
public protocol TensorScalar: Sendable {
  /// A tensor of these numbers, which are as many as `shape` has elements.
  static func tensor(_ values: [Self], shape: Shape) -> Tensor
}

extension Tensor {
  /// A single number, of shape `[]`.
  public init<Scalar: TensorScalar>(_ value: Scalar) { self = Scalar.tensor([value], shape: []) }

  /// A vector.
  public init<Scalar: TensorScalar>(_ values: [Scalar]) { self = Scalar.tensor(values, shape: [values.count]) }

  /// Numbers in row-major order, as many as `shape` has elements.
  public init<Scalar: TensorScalar>(_ values: [Scalar], shape: Shape) {
    precondition(
      values.count == shape.count, "\(values.count) values do not fill the shape \(shape), which has \(shape.count)")
    self = Scalar.tensor(values, shape: shape)
  }

  /// A matrix, row by row.
  public init<Scalar: TensorScalar>(_ rows: [[Scalar]]) {
    self = Scalar.tensor(joined(rows), shape: [rows.count, rows.first?.count ?? 0])
  }

  /// Matrices of the same shape, one after the other.
  public init<Scalar: TensorScalar>(_ matrices: [[[Scalar]]]) {
    let rows = matrices.first ?? []
    self = Scalar.tensor(joined(joined(matrices)), shape: [matrices.count, rows.count, rows.first?.count ?? 0])
  }
}

/// The rows one after the other.
private func joined<Scalar>(_ rows: [[Scalar]]) -> [Scalar] {
  let lengths = Set(rows.map(\.count))
  precondition(lengths.count <= 1, "The rows of a tensor must have the same length, received \(lengths.sorted())")
  return Array(rows.joined())
}

extension Tensor {
  /// A tensor of `value` in every place.
  public static func full(_ shape: Shape, _ value: Float, elementType: ElementType = .float32) -> Tensor {
    guard elementType == .float32 else { return full(shape, value).converted(to: elementType) }
    return Tensor(shape: shape, floatsFilledBy: { $0.initialize(repeating: value) })
  }

  /// A tensor full of zeros.
  public static func zeros(_ shape: Shape, elementType: ElementType = .float32) -> Tensor {
    Tensor(shape: shape, elementType: elementType) { _ = $0.initializeMemory(as: UInt8.self, repeating: 0) }
  }

  /// A tensor full of ones.
  public static func ones(_ shape: Shape, elementType: ElementType = .float32) -> Tensor {
    full(shape, 1, elementType: elementType)
  }

  /// The whole numbers of a range, as int32: `Tensor.range(0..<3)` is `[0, 1, 2]`.
  public static func range(_ range: Range<Int>) -> Tensor { Tensor(Array(range)) }

  /// The numbers from `start` up to, not including, `end`, `step` apart.
  public static func range(from start: Float, to end: Float, by step: Float) -> Tensor {
    Tensor(Array(stride(from: start, to: end, by: step)))
  }

  /// Numbers spread evenly over a range. Without a seed they follow from ``setRandomSeed(_:)``.
  public static func random(uniform range: ClosedRange<Float>, shape: Shape, seed: UInt64? = nil) -> Tensor {
    let random = RandomSource(seed: seed ?? RandomSource.nextSeed())
    let width = range.upperBound - range.lowerBound
    return Tensor(shape: shape) { floats in
      for i in floats.indices { floats[i] = range.lowerBound + width * random.uniform(at: UInt64(i)) }
    }
  }

  /// Numbers of a normal distribution. Without a seed they follow from ``setRandomSeed(_:)``.
  public static func random(
    normal: (mean: Float, deviation: Float), shape: Shape, seed: UInt64? = nil
  ) -> Tensor {
    let random = RandomSource(seed: seed ?? RandomSource.nextSeed())
    return Tensor(shape: shape) { floats in
      for i in floats.indices { floats[i] = normal.mean + normal.deviation * random.normal(at: UInt64(i)) }
    }
  }

  /// Whole numbers of a range, each equally likely, as int32. Without a seed they follow from ``setRandomSeed(_:)``.
  public static func random(integers range: Range<Int>, shape: Shape, seed: UInt64? = nil) -> Tensor {
    precondition(!range.isEmpty, "Random integers need a range that is not empty, received \(range)")
    let random = RandomSource(seed: seed ?? RandomSource.nextSeed())
    return Tensor(
      (0..<shape.count).map { range.lowerBound + random.integer(below: range.count, at: UInt64($0)) }, shape: shape)
  }
}

extension Tensor {
  /// The same numbers, stored as another type. Towards integers, fractions are cut off, numbers beyond the range become
  /// its nearest end, and "not a number" becomes 0.
  public func converted(to type: ElementType) -> Tensor {
    if type == elementType { return self }
    switch elementType {
    case .uint8: return withUnsafeElements(of: UInt8.self) { converted($0, to: type) }
    case .int32: return withUnsafeElements(of: Int32.self) { converted($0, to: type) }
    case .float32: return withUnsafeElements(of: Float.self) { converted($0, to: type) }
    }
  }

  private func converted<Source: ConvertibleElement>(
    _ source: UnsafeBufferPointer<Source>, to type: ElementType
  ) -> Tensor {
    Tensor(shape: shape, elementType: type) { target in
      switch type {
      case .uint8: fill(target.assumingMemoryBound(to: UInt8.self), source.count) { source[$0].byte }
      case .int32: fill(target.assumingMemoryBound(to: Int32.self), source.count) { source[$0].int32 }
      case .float32: fill(target.assumingMemoryBound(to: Float.self), source.count) { source[$0].float }
      }
    }
  }

  /// Labels as rows of zeros with a single one: `[2, 0]` becomes `[[0, 0, 1], [1, 0, 0]]` for three classes.
  ///
  /// The new axis is the last one. Labels outside `0..<classes` are a mistake in the program.
  public func oneHot(classes: Int) -> Tensor {
    let labels = integers
    return Tensor(shape: Shape(shape.dimensions + [classes])) { floats in
      floats.initialize(repeating: 0)
      for (row, label) in labels.enumerated() {
        precondition((0..<classes).contains(label), "oneHot: label \(label) at \(row) is not in 0..<\(classes)")
        floats[row * classes + label] = 1
      }
    }
  }
}

@inline(__always)
private func fill<Element>(
  _ target: UnsafeMutableBufferPointer<Element>, _ count: Int, _ value: (Int) -> Element
) {
  for i in 0..<count { target[i] = value(i) }
}

/// How an element becomes one of another type.
private protocol ConvertibleElement: TensorElement {
  var byte: UInt8 { get }
  var int32: Int32 { get }
  var float: Float { get }
}

extension UInt8: ConvertibleElement {
  fileprivate var byte: UInt8 { self }
  fileprivate var int32: Int32 { Int32(self) }
  fileprivate var float: Float { Float(self) }
}

extension Int32: ConvertibleElement {
  fileprivate var byte: UInt8 { UInt8(clamping: self) }
  fileprivate var int32: Int32 { self }
  fileprivate var float: Float { Float(self) }
}

extension Float: ConvertibleElement {
  fileprivate var byte: UInt8 { UInt8(clamping: int32) }
  fileprivate var int32: Int32 {
    // 2^31 is the first float beyond Int32; the comparisons are false for "not a number".
    if self >= 0x1p31 { return .max }
    return self > -0x1p31 ? Int32(self) : self <= -0x1p31 ? .min : 0
  }
  fileprivate var float: Float { self }
}

// MARK: - Swift's numbers

extension TensorElement {
  fileprivate static func stored(_ values: [Self], _ shape: Shape) -> Tensor {
    Tensor(shape: shape, elementType: elementType) { target in
      values.withUnsafeBytes { target.copyMemory(from: $0) }
    }
  }
}

extension Float: TensorScalar {
  public static func tensor(_ values: [Float], shape: Shape) -> Tensor { stored(values, shape) }
}

extension Int32: TensorScalar {
  public static func tensor(_ values: [Int32], shape: Shape) -> Tensor { stored(values, shape) }
}

extension UInt8: TensorScalar {
  public static func tensor(_ values: [UInt8], shape: Shape) -> Tensor { stored(values, shape) }
}

extension Double: TensorScalar {
  public static func tensor(_ values: [Double], shape: Shape) -> Tensor {
    Float.stored(values.map { Float($0) }, shape)
  }
}

extension Int: TensorScalar {
  public static func tensor(_ values: [Int], shape: Shape) -> Tensor {
    Int32.stored(
      values.map {
        precondition(Int32(exactly: $0) != nil, "\($0) does not fit into int32")
        return Int32(truncatingIfNeeded: $0)
      }, shape)
  }
}

extension Bool: TensorScalar {
  public static func tensor(_ values: [Bool], shape: Shape) -> Tensor { UInt8.stored(values.map { $0 ? 1 : 0 }, shape) }
}

// MARK: - Literals

extension Tensor: ExpressibleByArrayLiteral {
  /// `let labels: Tensor = [3, 1]` is int32; one fraction anywhere, as in `[[1, 0.5], [2, 3]]`, makes it float32.
  public init(arrayLiteral elements: Literal...) {
    let (shape, numbers) = Literal.list(elements).flattened()
    let areWhole = numbers.allSatisfy(\.isWhole)
    self = areWhole ? Tensor(numbers.map { Int($0.value) }, shape: shape) : Tensor(numbers.map(\.value), shape: shape)
  }

  /// What stands between the brackets of a tensor that is written out: a number or another list.
  public enum Literal: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, Sendable {
    /// A number without or with a fraction.
    case whole(Int), fraction(Double)
    /// A list of numbers or of lists.
    case list([Literal])

    public init(integerLiteral value: Int) { self = .whole(value) }
    public init(floatLiteral value: Double) { self = .fraction(value) }
    public init(arrayLiteral elements: Literal...) { self = .list(elements) }

    fileprivate func flattened() -> (shape: Shape, numbers: [(value: Double, isWhole: Bool)]) {
      switch self {
      case .whole(let value): return ([], [(Double(value), true)])
      case .fraction(let value): return ([], [(value, false)])
      case .list(let elements):
        let parts = elements.map { $0.flattened() }
        let first = parts.first?.shape ?? []
        precondition(
          parts.allSatisfy { $0.shape == first },
          "The rows of a tensor must have the same shape, received \(parts.map(\.shape))")
        return (Shape([elements.count] + first.dimensions), parts.flatMap(\.numbers))
      }
    }
  }
}
