extension SwiftFunction {
  /// Functions of each number, of two, and of lines along the last axis.
  static let elementwise =
    [
      each("relu", "max(x, 0)", "max($0, 0)"),
      each("sigmoid", "1 / (1 + exp(-x))", "1 / (1 + expf(-$0))"),
      each("hyperbolicTangent", "tanh(x)", "tanhf($0)"),
      each("exponential", "exp(x)", "expf($0)"),
      each("logarithm", "log(x)", "logf($0)"),
      each("squareRoot", "√x", "$0.squareRoot()"),
      each("absolute", "|x|", "abs($0)"),
      each("negative", "-x", "-$0"),
      each("square", "x²", "$0 * $0"),
      each("reciprocal", "1 / x", "1 / $0"),
      each("errorFunction", "erf(x)", "erff($0)"),
      each("signum", "-1, 0 or 1", "$0 > 0 ? 1 : $0 < 0 ? -1 : 0"),
      each("softplus", "log(1 + exp(x))", "max($0, 0) + log1pf(expf(-abs($0)))"),
      each("logarithm1p", "log(1 + x)", "log1pf($0)"),
      each("exponentialM1", "exp(x) - 1", "expm1f($0)"),
      each("sine", "sin(x)", "sinf($0)"),
      each("cosine", "cos(x)", "cosf($0)"),
      each("roundedDown", "The largest whole number that is not above x", "$0.rounded(.down)"),
      each("rounded", "The nearest whole number; halves go to the even one", "$0.rounded(.toNearestOrEven)"),
      of(two: "add", "a + b", "$0 + $1"),
      of(two: "subtract", "a - b", "$0 - $1"),
      of(two: "multiply", "a · b", "$0 * $1"),
      of(two: "divide", "a / b", "$0 / $1"),
      of(two: "larger", "The larger of two", "max($0, $1)"),
      of(two: "smaller", "The smaller of two", "min($0, $1)"),
      of(two: "power", "a to the power of b", "powf($0, $1)"),
      of(two: "isLess", "1 where a < b, else 0", "$0 < $1 ? 1 : 0"),
      of(two: "isLessOrEqual", "1 where a ≤ b, else 0", "$0 <= $1 ? 1 : 0"),
      of(two: "isEqual", "1 where a = b, else 0", "$0 == $1 ? 1 : 0"),
      of(two: "isNotEqual", "1 where a ≠ b, else 0", "$0 != $1 ? 1 : 0"),
      of(two: "isGreater", "1 where a > b, else 0", "$0 > $1 ? 1 : 0"),
      of(two: "isGreaterOrEqual", "1 where a ≥ b, else 0", "$0 >= $1 ? 1 : 0"),
    ] + others

  private static func each(_ name: String, _ summary: String, _ formula: String) -> SwiftFunction {
    SwiftFunction(
      name: name, text: "/// \(summary), of each number.\nprivate func \(name)(_ x: Values) -> Values { x.map { \(formula) } }\n")
  }

  private static func of(two name: String, _ summary: String, _ formula: String) -> SwiftFunction {
    SwiftFunction(
      name: name,
      text: """
        /// \(summary), number by number; shapes are broadcast.
        private func \(name)(_ a: Values, _ b: Values) -> Values { combined(a, b) { \(formula) } }

        """)
  }

  private static let others = [
    SwiftFunction(
      name: "scaled",
      text: """
        /// scale · x + offset
        private func scaled(_ x: Values, by scale: Float, plus offset: Float) -> Values { x.map { $0 * scale + offset } }

        """),
    SwiftFunction(
      name: "chosen",
      text: """
        /// The numbers of `yes` where the condition is not 0, those of `no` elsewhere.
        private func chosen(_ condition: Values, _ yes: Values, _ no: Values) -> Values {
          let shape = common(common(yes.shape, no.shape), condition.shape)
          let (c, a, b) = (spread(condition, shape), spread(yes, shape), spread(no, shape))
          return Values(shape, c.numbers.indices.map { c.numbers[$0] != 0 ? a.numbers[$0] : b.numbers[$0] })
        }

        """),
    SwiftFunction(
      name: "softmax",
      text: """
        /// exp(x) / Σ exp(x) along the last axis.
        private func softmax(_ x: Values) -> Values {
          changedLines(x) { line in
            let largest = line.max() ?? 0
            for i in line.indices { line[i] = expf(line[i] - largest) }
            let sum = line.reduce(0, +)
            for i in line.indices { line[i] /= sum }
          }
        }

        """),
    SwiftFunction(
      name: "logSoftmax",
      text: """
        /// x - log Σ exp(x) along the last axis.
        private func logSoftmax(_ x: Values) -> Values {
          changedLines(x) { line in
            let largest = line.max() ?? 0
            let shift = largest + logf(line.reduce(0) { $0 + expf($1 - largest) })
            for i in line.indices { line[i] -= shift }
          }
        }

        """),
    SwiftFunction(
      name: "layerNormalized",
      text: """
        /// (x - mean) / √(variance + epsilon) · gamma + beta along the last axis.
        private func layerNormalized(_ x: Values, gamma: Values, beta: Values, epsilon: Float) -> Values {
          changedLines(x) { line in
            let count = Float(line.count), mean = line.reduce(0, +) / count
            let variance = line.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
            let factor = 1 / (variance + epsilon).squareRoot()
            for i in line.indices { line[i] = (line[i] - mean) * factor * gamma.numbers[i] + beta.numbers[i] }
          }
        }

        """),
    SwiftFunction(
      name: "changedLines",
      text: """
        /// Each line along the last axis, changed by a function.
        private func changedLines(_ x: Values, _ change: (inout UnsafeMutableBufferPointer<Float>) -> Void) -> Values {
          var y = x
          let length = x.shape.last ?? 1
          y.numbers.withUnsafeMutableBufferPointer { numbers in
            for start in stride(from: 0, to: numbers.count, by: length) {
              var line = UnsafeMutableBufferPointer(rebasing: numbers[start..<start + length])
              change(&line)
            }
          }
          return y
        }

        """),
    SwiftFunction(
      name: "normalized",
      text: """
        /// (x - mean) / √(variance + epsilon) · gamma + beta, with stored statistics for each channel.
        private func normalized(
          _ x: Values, gamma: Values, beta: Values, mean: Values, variance: Values, epsilon: Float
        ) -> Values {
          let channels = gamma.numbers.indices
          let scale = channels.map { gamma.numbers[$0] / (variance.numbers[$0] + epsilon).squareRoot() }
          let shift = channels.map { beta.numbers[$0] - mean.numbers[$0] * scale[$0] }
          return Values(x.shape, x.numbers.indices.map { x.numbers[$0] * scale[$0 % scale.count] + shift[$0 % scale.count] })
        }

        """),
  ]
}
