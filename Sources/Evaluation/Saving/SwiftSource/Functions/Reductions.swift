extension SwiftFunction {
  static let reductions = [
    of("summed", "The sum", "lines.map { $0.reduce(0, +) }"),
    of("averaged", "The mean", "lines.map { $0.reduce(0, +) / Float($0.count) }"),
    of("largest", "The largest number", "lines.map { $0.max() ?? 0 }"),
    of("smallest", "The smallest number", "lines.map { $0.min() ?? 0 }"),
    of("multiplied", "The product", "lines.map { $0.reduce(1, *) }"),
    of(
      "placeOfLargest", "The place of the largest number",
      "lines.map { line in Float(line.indices.max { line[$0] < line[$1] || line[$0] == line[$1] && $0 > $1 } ?? 0) }"),
    SwiftFunction(
      name: "gatheredLines",
      text: """
        /// For each place along the other axes the numbers along these.
        private func gatheredLines(_ x: Values, along axes: [Int]) -> [[Float]] {
          let others = x.shape.indices.filter { !axes.contains($0) }, strides = x.strides(over: x.shape)
          let turned = placed(x, (others + axes).map { x.shape[$0] }, steps: (others + axes).map { strides[$0] })
          let length = axes.reduce(1) { $0 * x.shape[$1] }
          return stride(from: 0, to: x.numbers.count, by: length).map { Array(turned.numbers[$0..<$0 + length]) }
        }

        """),
  ]

  private static func of(_ name: String, _ summary: String, _ formula: String) -> SwiftFunction {
    SwiftFunction(
      name: name,
      text: """
        /// \(summary) along some axes.
        private func \(name)(_ x: Values, along axes: [Int], to shape: [Int]) -> Values {
          let lines = gatheredLines(x, along: axes)
          return Values(shape, \(formula))
        }

        """)
  }
}
