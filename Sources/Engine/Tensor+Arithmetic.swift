import Foundation

// Arithmetic between tensors follows NumPy's rule for shapes: they are matched from the last axis, and a length of 1 or a
// missing axis is repeated. Whatever the operands' types, the result is float32.

extension Tensor {
  /// The sum, element by element; shapes are broadcast.
  public static func + (a: Tensor, b: Tensor) -> Tensor { combined(a, b, "+") { $0 + $1 } }
  /// The difference, element by element; shapes are broadcast.
  public static func - (a: Tensor, b: Tensor) -> Tensor { combined(a, b, "-") { $0 - $1 } }
  /// The product, element by element; shapes are broadcast.
  public static func * (a: Tensor, b: Tensor) -> Tensor { combined(a, b, "*") { $0 * $1 } }
  /// The quotient, element by element; shapes are broadcast.
  public static func / (a: Tensor, b: Tensor) -> Tensor { combined(a, b, "/") { $0 / $1 } }

  /// The sum, element by element; shapes are broadcast.
  public static func + (a: Tensor, b: Float) -> Tensor { a.mapped { $0 + b } }
  /// The difference, element by element; shapes are broadcast.
  public static func - (a: Tensor, b: Float) -> Tensor { a.mapped { $0 - b } }
  /// The product, element by element; shapes are broadcast.
  public static func * (a: Tensor, b: Float) -> Tensor { a.mapped { $0 * b } }
  /// The quotient, element by element; shapes are broadcast.
  public static func / (a: Tensor, b: Float) -> Tensor { a.mapped { $0 / b } }

  /// The sum, element by element; shapes are broadcast.
  public static func + (a: Float, b: Tensor) -> Tensor { b.mapped { a + $0 } }
  /// The difference, element by element; shapes are broadcast.
  public static func - (a: Float, b: Tensor) -> Tensor { b.mapped { a - $0 } }
  /// The product, element by element; shapes are broadcast.
  public static func * (a: Float, b: Tensor) -> Tensor { b.mapped { a * $0 } }
  /// The quotient, element by element; shapes are broadcast.
  public static func / (a: Float, b: Tensor) -> Tensor { b.mapped { a / $0 } }

  /// The sum, in place.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// The difference, in place.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// The product, in place.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// The quotient, in place.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
  /// The sum, in place.
  public static func += (a: inout Tensor, b: Float) { a = a + b }
  /// The difference, in place.
  public static func -= (a: inout Tensor, b: Float) { a = a - b }
  /// The product, in place.
  public static func *= (a: inout Tensor, b: Float) { a = a * b }
  /// The quotient, in place.
  public static func /= (a: inout Tensor, b: Float) { a = a / b }

  /// Each element with the other sign.
  public static prefix func - (a: Tensor) -> Tensor { a.mapped { -$0 } }

  /// Each number held to a range: what is less becomes its lower, what is more its upper end.
  public func clipped(to range: ClosedRange<Float>) -> Tensor {
    mapped { $0 < range.lowerBound ? range.lowerBound : $0 > range.upperBound ? range.upperBound : $0 }
  }
}

/// e to the power of each element.
public func exp(_ x: Tensor) -> Tensor { x.mapped { Foundation.exp($0) } }
/// The natural logarithm of each element.
public func log(_ x: Tensor) -> Tensor { x.mapped { Foundation.log($0) } }
/// The square root of each element.
public func sqrt(_ x: Tensor) -> Tensor { x.mapped { $0.squareRoot() } }
/// Each element without its sign.
public func abs(_ x: Tensor) -> Tensor { x.mapped { $0.magnitude } }
/// The hyperbolic tangent of each element.
public func tanh(_ x: Tensor) -> Tensor { x.mapped { Foundation.tanh($0) } }
/// `x` to a power, element by element.
public func pow(_ x: Tensor, _ exponent: Float) -> Tensor { x.mapped { Foundation.pow($0, exponent) } }

/// Element by element the larger one; "not a number" wins over every number.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor.combined(a, b, "maximum") { $0 > $1 || $0.isNaN ? $0 : $1 }
}
/// The larger of two, element by element.
public func maximum(_ a: Tensor, _ b: Float) -> Tensor { a.mapped { $0 > b || $0.isNaN ? $0 : b } }
/// The larger of two, element by element.
public func maximum(_ a: Float, _ b: Tensor) -> Tensor { maximum(b, a) }

/// Element by element the smaller one; "not a number" wins over every number.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor.combined(a, b, "minimum") { $0 < $1 || $0.isNaN ? $0 : $1 }
}
/// The smaller of two, element by element.
public func minimum(_ a: Tensor, _ b: Float) -> Tensor { a.mapped { $0 < b || $0.isNaN ? $0 : b } }
/// The smaller of two, element by element.
public func minimum(_ a: Float, _ b: Tensor) -> Tensor { minimum(b, a) }

// MARK: - Comparison

// Masks of uint8: 1 where the comparison holds, 0 elsewhere. `a == b` asks whether the whole tensors are equal.
extension Tensor {
  /// 1 where the left element is equal, 0 elsewhere.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { compared(a, b, ".==") { $0 == $1 } }
  /// 1 where the left element is not equal, 0 elsewhere.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { compared(a, b, ".!=") { $0 != $1 } }
  /// 1 where the left element is less, 0 elsewhere.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { compared(a, b, ".<") { $0 < $1 } }
  /// 1 where the left element is not more, 0 elsewhere.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { compared(a, b, ".<=") { $0 <= $1 } }
  /// 1 where the left element is more, 0 elsewhere.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { compared(a, b, ".>") { $0 > $1 } }
  /// 1 where the left element is not less, 0 elsewhere.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { compared(a, b, ".>=") { $0 >= $1 } }

  /// 1 where the left element is equal, 0 elsewhere.
  public static func .== (a: Tensor, b: Float) -> Tensor { compared(a, Tensor(b), ".==") { $0 == $1 } }
  /// 1 where the left element is not equal, 0 elsewhere.
  public static func .!= (a: Tensor, b: Float) -> Tensor { compared(a, Tensor(b), ".!=") { $0 != $1 } }
  /// 1 where the left element is less, 0 elsewhere.
  public static func .< (a: Tensor, b: Float) -> Tensor { compared(a, Tensor(b), ".<") { $0 < $1 } }
  /// 1 where the left element is not more, 0 elsewhere.
  public static func .<= (a: Tensor, b: Float) -> Tensor { compared(a, Tensor(b), ".<=") { $0 <= $1 } }
  /// 1 where the left element is more, 0 elsewhere.
  public static func .> (a: Tensor, b: Float) -> Tensor { compared(a, Tensor(b), ".>") { $0 > $1 } }
  /// 1 where the left element is not less, 0 elsewhere.
  public static func .>= (a: Tensor, b: Float) -> Tensor { compared(a, Tensor(b), ".>=") { $0 >= $1 } }
}

// MARK: - Loops

extension Tensor {
  /// `function` of each number.
  @inline(__always)
  fileprivate func mapped(_ function: (Float) -> Float) -> Tensor {
    switch elementType {
    // Bytes are not converted first: that would be a second walk through four times the memory.
    case .uint8:
      withUnsafeElements(of: UInt8.self) { x in
        Tensor(shape: shape) { y in for i in 0..<x.count { y[i] = function(Float(x[i])) } }
      }
    case .int32, .float32:
      withUnsafeFloats { x in
        Tensor(shape: shape) { y in for i in 0..<x.count { y[i] = function(x[i]) } }
      }
    }
  }

  /// `function` of each pair of numbers, as float32.
  @inline(__always)
  fileprivate static func combined(
    _ a: Tensor, _ b: Tensor, _ name: String, _ function: (Float, Float) -> Float
  ) -> Tensor {
    a.withUnsafeFloats { x in
      b.withUnsafeFloats { y in
        let shape = commonShape(a, b, name)
        return Tensor(shape: shape) { z in forEachPair(shape, a.shape, x, b.shape, y) { z[$0] = function($1, $2) } }
      }
    }
  }

  /// Whether `test` holds for each pair of numbers, as uint8. Integers are compared as such: a float32 holds only 24 bits.
  @inline(__always)
  private static func compared(
    _ a: Tensor, _ b: Tensor, _ name: String, _ test: (Double, Double) -> Bool
  ) -> Tensor {
    let shape = commonShape(a, b, name)
    return Tensor(shape: shape, elementType: .uint8) { bytes in
      if a.elementType == .float32 && b.elementType == .float32 {
        a.withUnsafeFloats { x in
          b.withUnsafeFloats { y in
            forEachPair(shape, a.shape, x, b.shape, y) { bytes[$0] = test(Double($1), Double($2)) ? 1 : 0 }
          }
        }
      } else {
        a.withUnsafeDoubles { x in
          b.withUnsafeDoubles { y in
            forEachPair(shape, a.shape, x, b.shape, y) { bytes[$0] = test($1, $2) ? 1 : 0 }
          }
        }
      }
    }
  }

  private func withUnsafeDoubles<Result>(_ body: (UnsafeBufferPointer<Double>) -> Result) -> Result {
    switch elementType {
    case .float32: withUnsafeFloats { $0.map { Double($0) } }.withUnsafeBufferPointer(body)
    case .uint8, .int32: integers.map { Double($0) }.withUnsafeBufferPointer(body)
    }
  }

  private static func commonShape(_ a: Tensor, _ b: Tensor, _ name: String) -> Shape {
    guard let shape = a.shape.broadcast(with: b.shape) else {
      preconditionFailure("\(name) of tensors whose shapes do not match: \(a.shape) and \(b.shape)")
    }
    return shape
  }

  /// Calls `body` with each place of the result and the two numbers that belong there.
  @inline(__always)
  private static func forEachPair<Number>(
    _ shape: Shape, _ shapeA: Shape, _ a: UnsafeBufferPointer<Number>, _ shapeB: Shape,
    _ b: UnsafeBufferPointer<Number>, _ body: (_ place: Int, Number, Number) -> Void
  ) {
    guard shape.count > 0, let a = a.baseAddress, let b = b.baseAddress else { return }
    var start = 0
    walk(over: shape, Path(through: shapeA, stretchedTo: shape), Path(through: shapeB, stretchedTo: shape)) {
      i, j, count, stepA, stepB in
      // The three usual cases are loops that the compiler turns into vector instructions.
      let (x, y) = (a + i, b + j)
      switch (stepA, stepB) {
      case (1, 1): for k in 0..<count { body(start + k, x[k], y[k]) }
      case (1, 0):
        let y = y[0]
        for k in 0..<count { body(start + k, x[k], y) }
      case (0, 1):
        let x = x[0]
        for k in 0..<count { body(start + k, x, y[k]) }
      default: for k in 0..<count { body(start + k, x[k * stepA], y[k * stepB]) }
      }
      start += count
    }
  }
}
