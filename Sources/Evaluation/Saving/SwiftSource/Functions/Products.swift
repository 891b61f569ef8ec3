extension SwiftFunction {
  static let products = [
    SwiftFunction(
      name: "product",
      text: """
        /// x · kernel along the last axis; kernel [inputs, outputs].
        private func product(_ x: Values, _ kernel: Values) -> Values {
          let (inputs, outputs) = (kernel.shape[0], kernel.shape[1]), lines = x.numbers.count / inputs
          var y = [Float](repeating: 0, count: lines * outputs)
          x.numbers.withUnsafeBufferPointer { x in
            kernel.numbers.withUnsafeBufferPointer { kernel in
              y.withUnsafeMutableBufferPointer { y in
                for line in 0..<lines {
                  for input in 0..<inputs {
                    let factor = x[line * inputs + input]
                    for output in 0..<outputs { y[line * outputs + output] += factor * kernel[input * outputs + output] }
                  }
                }
              }
            }
          }
          return Values(x.shape.dropLast() + [outputs], y)
        }

        """),
    SwiftFunction(
      name: "convolution",
      text: """
        /// Σ kernel · x over windows of an image; kernel [height, width, channels / groups, filters]. `before`: zeros above and left.
        private func convolution(
          _ x: Values, _ kernel: Values, to size: [Int], strides: [Int], before: [Int], dilation: [Int], groups: Int
        ) -> Values {
          let (height, width, channels) = (x.shape[0], x.shape[1], x.shape[2])
          let (inputs, filters) = (kernel.shape[2], kernel.shape[3]), share = filters / groups
          var y = [Float](repeating: 0, count: size[0] * size[1] * filters)
          x.numbers.withUnsafeBufferPointer { x in
            kernel.numbers.withUnsafeBufferPointer { w in
              y.withUnsafeMutableBufferPointer { y in
                for place in 0..<size[0] * size[1] {
                  for window in 0..<kernel.shape[0] * kernel.shape[1] {
                    let row = place / size[1] * strides[0] + window / kernel.shape[1] * dilation[0] - before[0]
                    let column = place % size[1] * strides[1] + window % kernel.shape[1] * dilation[1] - before[1]
                    guard row >= 0, row < height, column >= 0, column < width else { continue }
                    for channel in 0..<channels {
                      let factor = x[(row * width + column) * channels + channel]
                      let first = channel / inputs * share
                      let from = (window * inputs + channel % inputs) * filters + first, to = place * filters + first
                      for filter in 0..<share { y[to + filter] += factor * w[from + filter] }
                    }
                  }
                }
              }
            }
          }
          return Values(size + [filters], y)
        }

        """),
    SwiftFunction(
      name: "depthwiseConvolution",
      text: """
        /// A convolution of each channel by itself; kernel [height, width, channels, multiplier]. `before`: zeros above and left.
        private func depthwiseConvolution(
          _ x: Values, _ kernel: Values, to size: [Int], strides: [Int], before: [Int], dilation: [Int]
        ) -> Values {
          let (height, width, channels) = (x.shape[0], x.shape[1], x.shape[2]), multiplier = kernel.shape[3]
          let filters = channels * multiplier
          var y = [Float](repeating: 0, count: size[0] * size[1] * filters)
          for place in 0..<size[0] * size[1] {
            for window in 0..<kernel.shape[0] * kernel.shape[1] {
              let row = place / size[1] * strides[0] + window / kernel.shape[1] * dilation[0] - before[0]
              let column = place % size[1] * strides[1] + window % kernel.shape[1] * dilation[1] - before[1]
              guard row >= 0, row < height, column >= 0, column < width else { continue }
              for filter in 0..<filters {
                let factor = x.numbers[(row * width + column) * channels + filter / multiplier]
                y[place * filters + filter] += factor * kernel.numbers[window * filters + filter]
              }
            }
          }
          return Values(size + [filters], y)
        }

        """),
  ]
}
