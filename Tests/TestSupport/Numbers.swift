import DeepSwiftEngine

/// Which numbers an input or a weight of a test gets: a shape alone stands for numbers from -1 to 1.
package struct Numbers: ExpressibleByArrayLiteral {
  package let shape: Shape
  let low, high: Float
  /// Whole numbers name places; no gradient goes toward them.
  let isWhole: Bool

  package init(_ shape: Shape, from low: Float = -1, to high: Float = 1) {
    self.init(shape, low, high, isWhole: false)
  }

  private init(_ shape: Shape, _ low: Float, _ high: Float, isWhole: Bool) {
    self.shape = shape
    self.low = low
    self.high = high
    self.isWhole = isWhole
  }

  package init(arrayLiteral dimensions: Int...) { self.init(Shape(dimensions)) }

  /// Whole numbers from 0 to `end - 1`.
  package static func whole(below end: Int, _ shape: Shape = []) -> Numbers {
    Numbers(shape, 0, Float(end), isWhole: true)
  }

  func draw(_ random: inout Random, rows: Int = 1) -> [Float] {
    (0..<rows * shape.count).map { _ in isWhole ? Float(random.int(below: Int(high))) : random.float(low, high) }
  }
}
