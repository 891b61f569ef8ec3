extension SwiftFunction {
  static let arrangements = [
    SwiftFunction(
      name: "reshaped",
      text: """
        /// The same numbers under another shape.
        private func reshaped(_ x: Values, _ shape: [Int]) -> Values { Values(shape, x.numbers) }

        """),
    SwiftFunction(
      name: "transposed",
      text: """
        /// The axes in another order.
        private func transposed(_ x: Values, _ order: [Int]) -> Values {
          let strides = x.strides(over: x.shape)
          return placed(x, order.map { x.shape[$0] }, steps: order.map { strides[$0] })
        }

        """),
    SwiftFunction(
      name: "sliced",
      text: """
        /// Every `step`-th place of a part of an axis.
        private func sliced(_ x: Values, axis: Int, _ range: Range<Int>, step: Int) -> Values {
          var shape = x.shape, steps = x.strides(over: x.shape)
          let start = range.lowerBound * steps[axis]
          shape[axis] = (range.count + step - 1) / step
          steps[axis] *= step
          return placed(x, shape, steps: steps, start: start)
        }

        """),
    SwiftFunction(
      name: "padded",
      text: """
        /// A number before and behind each axis.
        private func padded(_ x: Values, _ widths: [[Int]], with value: Float) -> Values {
          let shape = zip(x.shape, widths).map { $0 + $1[0] + $1[1] }
          var y = Values(shape, [Float](repeating: value, count: shape.reduce(1, *)))
          for (index, number) in x.numbers.enumerated() {
            var rest = index, place = 0, stride = 1
            for axis in shape.indices.reversed() {
              place += (rest % x.shape[axis] + widths[axis][0]) * stride
              rest /= x.shape[axis]
              stride *= shape[axis]
            }
            y.numbers[place] = number
          }
          return y
        }

        """),
    SwiftFunction(
      name: "concatenated",
      text: """
        /// Several one behind the other along an axis.
        private func concatenated(_ parts: [Values], axis: Int) -> Values {
          var shape = parts[0].shape
          shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
          let blocks = shape[..<axis].reduce(1, *)
          var numbers: [Float] = []
          for block in 0..<blocks {
            for part in parts {
              let length = part.numbers.count / blocks
              numbers += part.numbers[block * length..<(block + 1) * length]
            }
          }
          return Values(shape, numbers)
        }

        """),
  ]
}
