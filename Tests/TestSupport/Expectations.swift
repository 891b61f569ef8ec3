import DeepSwiftEngine
import Testing

/// Records a failure unless `actual` is `expected` but for rounding: `tolerance` counts relative to the largest number, or
/// to `scale` if that is larger. Returns whether it is.
@discardableResult package func expectClose(
  _ actual: [Float], _ expected: [Double], tolerance: Double = 1e-5, scale: Double = 1e-6, _ what: String = "values",
  sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  guard actual.count == expected.count else {
    Issue.record("\(what): \(actual.count) numbers instead of \(expected.count)", sourceLocation: sourceLocation)
    return false
  }
  let limit = tolerance * expected.reduce(scale) { max($0, $1.magnitude) }
  for (index, (a, b)) in zip(actual, expected).enumerated() where !((Double(a) - b).magnitude <= limit) && !(Double(a) == b) {
    Issue.record("\(what)[\(index)] is \(a), expected \(b) within \(limit)", sourceLocation: sourceLocation)
    return false
  }
  return true
}

package func expectClose(
  _ actual: [Float], _ expected: [Float], tolerance: Double = 1e-5, _ what: String = "values",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectClose(actual, expected.map(Double.init), tolerance: tolerance, what, sourceLocation: sourceLocation)
}

/// Records a failure unless the numbers are the same bit for bit.
package func expectSameBits(
  _ actual: [Float], _ expected: [Float], _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.map(\.bitPattern) != expected.map(\.bitPattern) else { return }
  let place = zip(actual, expected).enumerated().first { $1.0.bitPattern != $1.1.bitPattern }?.offset ?? -1
  Issue.record(
    "\(what): differs at \(place) of \(expected.count): \(place < 0 ? "count" : "\(actual[place]) and \(expected[place])")",
    sourceLocation: sourceLocation)
}

/// Records a failure unless the node carries a fault whose text names all of `words`.
package func expectFault(_ node: Node, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation) {
  guard let error = node.error else {
    Issue.record("a fault was expected, the node has shape \(node.shape)", sourceLocation: sourceLocation)
    return
  }
  for word in words where !error.description.contains(word) {
    Issue.record("\"\(error)\" does not say \"\(word)\"", sourceLocation: sourceLocation)
  }
}
