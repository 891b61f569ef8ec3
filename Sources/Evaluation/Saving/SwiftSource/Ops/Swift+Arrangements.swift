import DeepSwiftEngine

extension ReshapingOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String { "reshaped(\(site.x), \(SwiftLiteral.list(site.shape.dimensions)))" }
}

extension TranspositionOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String { "transposed(\(site.x), \(SwiftLiteral.list(order)))" }
}

extension SliceOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String {
    let axis = axis < 0 ? axis + site.shape.rank : axis
    return "sliced(\(site.x), axis: \(axis), \(range.lowerBound)..<\(range.upperBound), step: \(step))"
  }
}

extension PadOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String {
    "padded(\(site.x), [\(widths.map(SwiftLiteral.list).joined(separator: ", "))], with: \(SwiftLiteral.number(value)))"
  }
}

extension ConcatenationOp: SwiftOp {
  func swift(_ site: SwiftSite) -> String {
    "concatenated([\(site.names.joined(separator: ", "))], axis: \(axis < 0 ? axis + site.shape.rank : axis))"
  }
}

extension ReductionOp: SwiftOp {
  func swift(_ site: SwiftSite) throws -> String {
    let name =
      switch kind {
      case .sum: "summed"
      case .mean: "averaged"
      case .maximum: "largest"
      case .minimum: "smallest"
      case .product: "multiplied"
      case .argmax: "placeOfLargest"
      }
    let axes = try reducedAxes(site.shapes[0]).sorted()
    return "\(name)(\(site.x), along: \(SwiftLiteral.list(axes)), to: \(SwiftLiteral.list(site.shape.dimensions)))"
  }
}
