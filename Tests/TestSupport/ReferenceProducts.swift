@testable import DeepSwiftEngine

extension DenseProductOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let (inputs, outputs) = (node.inputs[1].shape[0], node.inputs[1].shape[1])
    return (0..<node.shape.count).map { index in
      let (line, column) = (index / outputs, index % outputs)
      return (0..<inputs).reduce(0.0) { $0 + x[0][line * inputs + $1] * x[1][$1 * outputs + column] }
    }
  }
}

extension MatrixProductOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let (a, b, y) = (node.inputs[0].shape, node.inputs[1].shape, node.shape)
    let (m, n, k) = (a[-2], b[-1], a[-1])
    func leading(_ shape: Shape) -> Shape { Shape(Array(shape.dimensions.dropLast(2))) }
    return (0..<y.count).map { index in
      let (matrix, row, column) = (index / (m * n), index / n % m, index % n)
      let aStart = stretched(matrix, leading(y), leading(a)) * m * k
      let bStart = stretched(matrix, leading(y), leading(b)) * k * n
      return (0..<k).reduce(0.0) { $0 + x[0][aStart + row * k + $1] * x[1][bStart + $1 * n + column] }
    }
  }
}

extension ConvolutionOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let (image, kernel, y) = (node.inputs[0].shape, node.inputs[1].shape, node.shape)
    let top = zerosBefore(image[0], window: kernel[0], stride: strides[0], dilation: dilation[0], padding)
    let left = zerosBefore(image[1], window: kernel[1], stride: strides[1], dilation: dilation[1], padding)
    var result: [Double] = []
    for row in 0..<y[0] {
      for column in 0..<y[1] {
        for filter in 0..<kernel[3] {
          let group = filter / (kernel[3] / groups)
          var sum = 0.0
          for i in 0..<kernel[0] {
            for j in 0..<kernel[1] {
              let r = row * strides[0] + i * dilation[0] - top, c = column * strides[1] + j * dilation[1] - left
              guard (0..<image[0]).contains(r), (0..<image[1]).contains(c) else { continue }
              for channel in 0..<kernel[2] {
                sum +=
                  x[0][(r * image[1] + c) * image[2] + group * kernel[2] + channel]
                  * x[1][((i * kernel[1] + j) * kernel[2] + channel) * kernel[3] + filter]
              }
            }
          }
          result.append(sum)
        }
      }
    }
    return result
  }
}

extension DepthwiseConvolutionOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    let (image, kernel, y) = (node.inputs[0].shape, node.inputs[1].shape, node.shape)
    let top = zerosBefore(image[0], window: kernel[0], stride: strides[0], dilation: dilation[0], padding)
    let left = zerosBefore(image[1], window: kernel[1], stride: strides[1], dilation: dilation[1], padding)
    return (0..<y.count).map { index in
      let here = coordinates(index, y), channel = here[2] / kernel[3]
      var sum = 0.0
      for i in 0..<kernel[0] {
        for j in 0..<kernel[1] {
          let r = here[0] * strides[0] + i * dilation[0] - top, c = here[1] * strides[1] + j * dilation[1] - left
          guard (0..<image[0]).contains(r), (0..<image[1]).contains(c) else { continue }
          sum += x[0][(r * image[1] + c) * image[2] + channel] * x[1][(i * kernel[1] + j) * image[2] * kernel[3] + here[2]]
        }
      }
      return sum
    }
  }
}

extension PoolingWindow {
  /// The elements that each window sees. Padding is no element.
  fileprivate func windows(_ x: [Double], _ node: Node) -> [[Double]] {
    let (image, y) = (node.inputs[0].shape, node.shape)
    let top = zerosBefore(image[0], window: size[0], stride: strides[0], padding)
    let left = zerosBefore(image[1], window: size[1], stride: strides[1], padding)
    return (0..<y.count).map { index in
      let here = coordinates(index, y)
      var seen: [Double] = []
      for i in 0..<size[0] {
        for j in 0..<size[1] {
          let r = here[0] * strides[0] + i - top, c = here[1] * strides[1] + j - left
          guard (0..<image[0]).contains(r), (0..<image[1]).contains(c) else { continue }
          seen.append(x[(r * image[1] + c) * image[2] + here[2]])
        }
      }
      return seen
    }
  }
}

extension MaxPoolingOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] { window.windows(x[0], node).map { $0.max()! } }
}

extension AveragePoolingOp: ReferenceOp {
  func reference(_ x: [[Double]], _ node: Node) -> [Double] {
    window.windows(x[0], node).map { $0.reduce(0, +) / Double($0.count) }
  }
}
