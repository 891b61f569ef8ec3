import DeepSwiftKernels
import Foundation

/// How the pixels of an image of another size are made of those around their places.
public enum Resampling: String, Codable, Sendable, CaseIterable {
  /// The nearest pixel.
  case nearest
  /// Two pixels along each axis, the nearer the more.
  case bilinear
  /// Four pixels along each axis, with Keys' cubic.
  case bicubic
  /// Six and ten pixels along each axis, with a windowed sinc.
  case lanczos3, lanczos5

  /// How far a pixel reaches, in pixels, and how much it counts there.
  private var reach: Double {
    switch self {
    case .nearest: 0
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos3: 3
    case .lanczos5: 5
    }
  }

  private func weight(at distance: Double) -> Double {
    let x = abs(distance)
    guard x < reach else { return 0 }
    switch self {
    case .nearest: return 0
    case .bilinear: return 1 - x
    case .bicubic: return x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1
    case .lanczos3, .lanczos5:
      guard x > 1e-3 else { return 1 }
      return reach * sin(.pi * x) * sin(.pi * x / reach) / (.pi * .pi * x * x)
    }
  }

  /// For each new pixel the first old one that it is made of, and the weights of so many from there on.
  package func taps(from old: Int, to new: Int, antialias: Bool) -> (first: [Int32], weights: [Float], count: Int) {
    guard self != .nearest else {
      return ((0..<new).map { Int32((2 * $0 + 1) * old / (2 * new)) }, Array(repeating: 1, count: new), 1)
    }
    let scale = Double(old) / Double(new), spread = antialias ? max(scale, 1) : 1
    let count = min(old, 2 * Int((reach * spread).rounded(.up)) + 1)
    var first: [Int32] = [], weights: [Float] = []
    for index in 0..<new {
      // Pixels are areas, and their middles count.
      let middle = (Double(index) + 0.5) * scale - 0.5
      let start = min(max(Int((middle - reach * spread).rounded(.down)), 0), old - count)
      let all = (0..<count).map { weight(at: (middle - Double(start + $0)) / spread) }
      // Beyond the edges there is nothing: what is left counts as a whole.
      let sum = all.reduce(0, +)
      first.append(Int32(start))
      weights += all.map { Float($0 / sum) }
    }
    return (first, weights, count)
  }
}

/// An image [height, width, channels] with another number of pixels along one of its first two axes.
package struct ResamplingOp: Op {
  package let axis, length: Int
  package let method: Resampling
  package let antialias: Bool

  package func shape(_ inputs: [Shape]) -> Shape {
    var dimensions = inputs[0].dimensions
    dimensions[axis] = length
    return Shape(dimensions)
  }

  /// What the kernel walks over: lines before the axis, numbers behind it.
  private func sizes(_ node: Node) -> (outer: Int, from: Int, inner: Int) {
    let x = node.inputs[0].shape
    return axis == 0 ? (1, x[0], x[1] * x[2]) : (x[0], x[1], x[2])
  }

  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] {
    let (x, y, length) = (site.inputs[0], site.output, length), (outer, from, inner) = sizes(site.node)
    let taps = method.taps(from: from, to: length, antialias: antialias), count = taps.count
    let first = plan.constants.pointer(array: taps.first), weights = plan.constants.pointer(array: taps.weights)
    plan.each(site, "resample", reads: [x], writes: [y]) { chunk in
      kernels.resample(chunk.rows * outer, from, length, inner, count, first, weights, chunk[x], chunk[y])
    }
    return []
  }

  package func backward(_ site: Site, _ plan: inout Plan) {
    guard let dx = site.inputGradients[0] else { return }
    let (dy, length) = (site.outputGradient, length), (outer, from, inner) = sizes(site.node)
    let taps = method.taps(from: from, to: length, antialias: antialias), count = taps.count
    let first = plan.constants.pointer(array: taps.first), weights = plan.constants.pointer(array: taps.weights)
    plan.each(site, "resample dx", reads: [dy], writes: [dx]) { chunk in
      kernels.resample_backward(chunk.rows * outer, from, length, inner, count, first, weights, chunk[dy], chunk[dx])
    }
  }
}
