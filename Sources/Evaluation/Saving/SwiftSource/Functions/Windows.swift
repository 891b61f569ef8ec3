extension SwiftFunction {
  static let windows = [
    SwiftFunction(
      name: "maxPooled",
      text: """
        /// The largest number of each window. `before`: places above and left of the image that do not count.
        private func maxPooled(_ x: Values, window: [Int], to size: [Int], strides: [Int], before: [Int]) -> Values {
          pooled(x, window: window, to: size, strides: strides, before: before, from: -.infinity) { max($0, $1) } last: { sum, _ in sum }
        }

        """),
    SwiftFunction(
      name: "averagePooled",
      text: """
        /// The mean of each window. `before`: places above and left of the image that do not count.
        private func averagePooled(_ x: Values, window: [Int], to size: [Int], strides: [Int], before: [Int]) -> Values {
          pooled(x, window: window, to: size, strides: strides, before: before, from: 0) { $0 + $1 } last: { $0 / Float($1) }
        }

        """),
    SwiftFunction(
      name: "pooled",
      text: """
        /// One number for each window and channel: what `next` makes of its numbers, and `last` of that and their count.
        private func pooled(
          _ x: Values, window: [Int], to size: [Int], strides: [Int], before: [Int], from start: Float,
          next: (Float, Float) -> Float, last: (Float, Int) -> Float
        ) -> Values {
          let (height, width, channels) = (x.shape[0], x.shape[1], x.shape[2])
          var y = [Float](repeating: start, count: size[0] * size[1] * channels)
          for place in 0..<size[0] * size[1] {
            let (top, left) = (place / size[1] * strides[0] - before[0], place % size[1] * strides[1] - before[1])
            let rows = max(top, 0)..<min(top + window[0], height), columns = max(left, 0)..<min(left + window[1], width)
            for channel in 0..<channels {
              var result = start
              for row in rows {
                for column in columns { result = next(result, x.numbers[(row * width + column) * channels + channel]) }
              }
              y[place * channels + channel] = last(result, rows.count * columns.count)
            }
          }
          return Values(size + [channels], y)
        }

        """),
    SwiftFunction(
      name: "enlarged",
      text: """
        /// An image in which each pixel stands for several.
        private func enlarged(_ x: Values, by factors: [Int]) -> Values {
          let (height, width, channels) = (x.shape[0] * factors[0], x.shape[1] * factors[1], x.shape[2])
          var numbers: [Float] = []
          for row in 0..<height {
            for column in 0..<width {
              let pixel = (row / factors[0] * x.shape[1] + column / factors[1]) * channels
              numbers += x.numbers[pixel..<pixel + channels]
            }
          }
          return Values([height, width, channels], numbers)
        }

        """),
    SwiftFunction(
      name: "enlargedSmoothly",
      text: """
        /// An image whose new pixels lie between the old ones.
        private func enlargedSmoothly(_ x: Values, by factors: [Int]) -> Values {
          let (height, width, channels) = (x.shape[0], x.shape[1], x.shape[2])
          func between(_ place: Int, _ factor: Int, _ length: Int) -> (Int, Int, Float) {
            let middle = min(max((Float(place) + 0.5) / Float(factor) - 0.5, 0), Float(length - 1)), first = Int(middle)
            return (first, min(first + 1, length - 1), middle - Float(first))
          }
          var numbers: [Float] = []
          for row in 0..<height * factors[0] {
            let (top, bottom, down) = between(row, factors[0], height)
            for column in 0..<width * factors[1] {
              let (left, right, across) = between(column, factors[1], width)
              for channel in 0..<channels {
                func pixel(_ row: Int, _ column: Int) -> Float { x.numbers[(row * width + column) * channels + channel] }
                let above = pixel(top, left) * (1 - across) + pixel(top, right) * across
                let below = pixel(bottom, left) * (1 - across) + pixel(bottom, right) * across
                numbers.append(above * (1 - down) + below * down)
              }
            }
          }
          return Values([height * factors[0], width * factors[1], channels], numbers)
        }

        """),
  ]
}
