/// The lengths of the axes of a tensor or, for a `Node`, of one sample of it.
public struct Shape: Hashable, Codable, Sendable {
  public var dimensions: [Int]

  public init(_ dimensions: [Int]) { self.dimensions = dimensions }

  /// Expressions have at most so many axes in a sample.
  package static let mostAxes = 8
  /// And axes of at most so many places.
  package static let longestAxis = Int(Int32.max)

  /// The number of axes; 0 for a single number.
  public var rank: Int { dimensions.count }

  /// The number of elements; the largest number of all where there is none for it.
  public var count: Int {
    var count = 1
    for length in dimensions {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: length)
      if isTooLarge { return dimensions.contains(0) ? 0 : .max }
      count = product
    }
    return count
  }

  /// The length of the last axis, 1 for a single number.
  public var last: Int { dimensions.last ?? 1 }

  /// The length of an axis; negative axes count from the end.
  public subscript(axis: Int) -> Int {
    get { dimensions[axis < 0 ? axis + rank : axis] }
    set { dimensions[axis < 0 ? axis + rank : axis] = newValue }
  }

  /// How far apart neighbours along each axis lie in memory, the last axis lying closest.
  package var strides: [Int] {
    var stride = 1
    return Array(
      dimensions.reversed().map { length in
        defer { stride *= length }
        return stride
      }.reversed())
  }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral dimensions: Int...) { self.init(dimensions) }
}

extension Shape: CustomStringConvertible {
  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}

extension Shape {
  /// The shape that two operands are stretched to, by NumPy's rule: axes are matched from the end, and a length of 1 (or
  /// a missing axis) is repeated. `nil` if they do not match.
  package func broadcast(with other: Shape) -> Shape? {
    let rank = max(rank, other.rank)
    let a = Array(repeating: 1, count: rank - self.rank) + dimensions
    let b = Array(repeating: 1, count: rank - other.rank) + other.dimensions
    var result: [Int] = []
    for (x, y) in zip(a, b) {
      guard x == y || x == 1 || y == 1 else { return nil }
      result.append(x == 1 ? y : x)
    }
    return Shape(result)
  }

  /// `axis` counted from the front, `nil` if there is no such axis.
  package func normalized(axis: Int) -> Int? {
    let positive = axis < 0 ? axis + rank : axis
    return (0..<rank).contains(positive) ? positive : nil
  }
}
