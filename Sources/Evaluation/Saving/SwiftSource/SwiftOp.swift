import DeepSwiftEngine

/// An operation that an exported program has a function for.
protocol SwiftOp: Op {
  /// The call that computes it.
  func swift(_ site: SwiftSite) throws -> String
}

/// What an operation finds when it is written as Swift.
struct SwiftSite {
  /// The names of the inputs in the program.
  let names: [String]
  let shapes: [Shape]
  /// The shape of the result.
  let shape: Shape

  /// The first input's name.
  var x: String { names[0] }
}
