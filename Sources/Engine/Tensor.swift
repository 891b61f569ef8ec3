/// Numbers in a box of some shape: a batch of images, labels, a weight, a prediction.
///
/// A tensor is a value: a copy is independent of its original, and memory is copied only when one of them changes.
/// Elements are `uint8`, `int32` or `float32`, in row-major order without gaps. The first axis is the batch.
///
/// Arithmetic is float32: `images / 255` turns bytes into fractions.
///
///     let matrix = Tensor([[1, 2, 3], [4, 5, 6]] as [[Float]])
///     matrix.shape             // [2, 3]
///     matrix[0, 2].item        // 3
///     matrix.sum(axis: 0)      // [5, 7, 9]
///
/// Shapes that do not fit, or an index that does not exist, are mistakes in the program and stop it with a text that
/// says what was expected. What a *file* can get wrong is thrown as a ``ModelError``.
public struct Tensor: Sendable {
  /// The lengths of the axes; `[]` for a single number.
  public let shape: Shape
  /// What kind of numbers the tensor holds.
  public let elementType: ElementType
  /// The elements; the address stays valid for as long as this tensor, or a copy of it, lives.
  package private(set) var storage: Storage

  /// A tensor over memory that already holds its elements.
  package init(shape: Shape, elementType: ElementType, storage: Storage) {
    precondition(
      storage.byteCount >= shape.count * elementType.size,
      "\(shape) of \(elementType) needs \(shape.count * elementType.size) bytes, the storage has \(storage.byteCount)")
    self.shape = shape
    self.elementType = elementType
    self.storage = storage
  }

  /// A tensor whose elements `fill` writes; it must write all of them.
  package init(
    shape: Shape, elementType: ElementType, filledBy fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    precondition(shape.dimensions.allSatisfy { $0 >= 0 }, "A shape has no negative lengths, received \(shape)")
    let byteCount = shape.count * elementType.size
    let storage = Storage(byteCount: byteCount)
    try fill(UnsafeMutableRawBufferPointer(start: storage.bytes, count: byteCount))
    self.init(shape: shape, elementType: elementType, storage: storage)
  }

  /// A tensor of float32 whose elements `fill` writes; it must write all of them.
  package init(shape: Shape, floatsFilledBy fill: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    try self.init(shape: shape, elementType: .float32) { try fill($0.assumingMemoryBound(to: Float.self)) }
  }

  /// The number of elements.
  public var count: Int { shape.count }

  /// The number of axes.
  public var rank: Int { shape.rank }
}

// MARK: - Reading

extension Tensor {
  /// All elements as `Float`, in row-major order.
  public var floats: [Float] {
    withUnsafeFloats { Array($0) }
  }

  /// All elements as `Int`, in row-major order; fractions are cut off.
  public var integers: [Int] {
    switch elementType {
    case .uint8: withUnsafeElements(of: UInt8.self) { $0.map { Int($0) } }
    case .int32: withUnsafeElements(of: Int32.self) { $0.map { Int($0) } }
    case .float32: converted(to: .int32).integers
    }
  }

  /// All elements as `UInt8`, in row-major order; fractions are cut off, other numbers are held to 0...255.
  public var bytes: [UInt8] {
    converted(to: .uint8).withUnsafeElements(of: UInt8.self) { Array($0) }
  }

  /// The one element of a tensor that has a single one.
  public var item: Float {
    precondition(count == 1, "item needs a tensor of one element, this one has the shape \(shape)")
    return withUnsafeFloats { $0[0] }
  }
}

extension Tensor: Equatable {
  /// Whether shape, element type and all elements are the same.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    guard a.shape == b.shape, a.elementType == b.elementType else { return false }
    switch a.elementType {
    case .uint8, .int32:
      return a.withUnsafeBytes { a in b.withUnsafeBytes { b in a.elementsEqual(b) } }
    case .float32:
      return a.withUnsafeFloats { a in b.withUnsafeFloats { b in a.elementsEqual(b) } }
    }
  }
}

// MARK: - Memory

extension Tensor {
  /// The elements as they lie in memory.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) {
      try body(UnsafeRawBufferPointer(start: storage.bytes, count: count * elementType.size))
    }
  }

  /// The elements as they lie in memory, which must be of the type that `elementType` says.
  package func withUnsafeElements<Element: TensorElement, Result>(
    of type: Element.Type, _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result {
    precondition(Element.elementType == elementType, "The elements are \(elementType), not \(Element.elementType)")
    return try withUnsafeBytes { try body($0.assumingMemoryBound(to: Element.self)) }
  }

  /// The elements as float32: without a copy if they are stored so, converted otherwise.
  package func withUnsafeFloats<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try converted(to: .float32).withUnsafeElements(of: Float.self, body)
  }

  /// The elements for writing, in memory that no other tensor shares.
  package mutating func withUnsafeMutableBytes<Result>(
    _ body: (UnsafeMutableRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let byteCount = count * elementType.size
    if storage.isBorrowed || !isKnownUniquelyReferenced(&storage) {
      let copy = Storage(byteCount: byteCount)
      copy.bytes.copyMemory(from: storage.bytes, byteCount: byteCount)
      storage = copy
    }
    return try body(UnsafeMutableRawBufferPointer(start: storage.bytes, count: byteCount))
  }

  /// The elements of a float32 tensor for writing, in memory that no other tensor shares.
  package mutating func withUnsafeMutableFloats<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    precondition(elementType == .float32, "The elements are \(elementType), not float32")
    return try withUnsafeMutableBytes { try body($0.assumingMemoryBound(to: Float.self)) }
  }
}

/// The types that elements are stored as.
package protocol TensorElement: BitwiseCopyable, Comparable, Sendable {
  static var elementType: ElementType { get }
}

extension UInt8: TensorElement { package static var elementType: ElementType { .uint8 } }
extension Int32: TensorElement { package static var elementType: ElementType { .int32 } }
extension Float: TensorElement { package static var elementType: ElementType { .float32 } }
