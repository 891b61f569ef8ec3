import Foundation

extension Tensor: CustomStringConvertible {
  /// The numbers in brackets, axis by axis, then type and shape. Of long tensors the middle is left out.
  ///
  ///     [[1.0, 2.0, 3.0],
  ///      [4.0, 5.0, 6.0]] (float32 [2, 3])
  public var description: String {
    // However many rows of nothing there are.
    if count == 0 { return "[] (\(elementType) \(shape))" }
    let edge = 3
    /// The positions of an axis that are shown, `nil` for what is left out.
    func shown(_ length: Int) -> [Int?] {
      if count <= 1000 || length <= 2 * edge { return Array(0..<length) }
      return Array(0..<edge) + [nil] + Array(length - edge..<length)
    }
    let strides = shape.strides
    func places(_ axis: Int, _ start: Int) -> [Int] {
      if axis == rank { return [start] }
      return shown(shape[axis]).flatMap { $0.map { places(axis + 1, start + $0 * strides[axis]) } ?? [] }
    }
    let numbers = formatted(places(0, 0))
    func text(_ axis: Int, _ start: Int) -> String {
      if axis == rank { return numbers[start] ?? "" }
      let rows = shown(shape[axis]).map { $0.map { text(axis + 1, start + $0 * strides[axis]) } ?? "…" }
      let newLines = rank - 1 - axis
      let separator =
        newLines == 0
        ? ", " : "," + String(repeating: "\n", count: newLines) + String(repeating: " ", count: axis + 1)
      return "[" + rows.joined(separator: separator) + "]"
    }
    return "\(text(0, 0)) (\(elementType) \(shape))"
  }

  /// The texts of the elements at these places, all equally wide.
  private func formatted(_ places: [Int]) -> [Int: String] {
    let texts: [String]
    switch elementType {
    case .uint8: texts = withUnsafeElements(of: UInt8.self) { x in places.map { String(x[$0]) } }
    case .int32: texts = withUnsafeElements(of: Int32.self) { x in places.map { String(x[$0]) } }
    case .float32: texts = withUnsafeFloats { x in formattedFloats(places.map { x[$0] }) }
    }
    let width = texts.map(\.count).max() ?? 0
    let padded = texts.map { String(repeating: " ", count: rank == 0 ? 0 : width - $0.count) + $0 }
    return Dictionary(zip(places, padded)) { first, _ in first }
  }
}

/// Numbers with as many decimals, from one to four, as they need; very large and very small ones with an exponent.
private func formattedFloats(_ values: [Float]) -> [String] {
  let sizes = values.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
  let needsExponent = (sizes.max() ?? 0) >= 1e7 || (sizes.min() ?? 1) < 1e-4
  let decimals =
    (1...4).first { decimals in
      values.allSatisfy { !$0.isFinite || Float(String(format: "%.\(decimals)f", $0)) == $0 }
    } ?? 4
  return values.map {
    $0.isFinite ? String(format: needsExponent ? "%.4e" : "%.\(decimals)f", $0) : "\($0)"
  }
}
