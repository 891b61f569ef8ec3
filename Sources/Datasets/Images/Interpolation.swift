import Foundation

/// How an image is brought to another size: the methods of TensorFlow's `tf.image.resize`, without antialiasing, as Keras'
/// image folders use them.
public enum Interpolation: String, CaseIterable, Sendable {
  /// Four neighbours by their distance; the nearest one; and the other methods by the names that TensorFlow gives them.
  case bilinear, nearest, bicubic, area, lanczos3, lanczos5, gaussian, mitchellcubic
}

/// From which places of a row, and with which weights, each place of a longer or shorter row is made.
struct Resampling {
  /// The first of `taps` places that each new place is made from.
  private(set) var starts: [Int] = []
  /// `taps` weights for each new place.
  private(set) var weights: [Float] = []
  let taps: Int

  init(_ interpolation: Interpolation, from length: Int, to newLength: Int) {
    let scale = Float(length) / Float(newLength)
    switch interpolation {
    case .nearest: taps = 1
    case .bilinear: taps = min(2, length)
    case .bicubic: taps = min(4, length)
    case .area: taps = min(Int(scale.rounded(.up)) + 1, length)
    case .lanczos3, .lanczos5, .gaussian, .mitchellcubic:
      taps = min(2 * Int(interpolation.radius.rounded(.up)) + 1, length)
    }
    starts.reserveCapacity(newLength)
    weights.reserveCapacity(newLength * taps)
    for place in 0..<newLength {
      let center = (Float(place) + 0.5) * scale
      switch interpolation {
      case .nearest: append(min(Int(center), length - 1), 1, length) { _ in 1 }
      case .bilinear:
        let left = (center - 0.5).rounded(.down), part = center - 0.5 - left
        append(Int(left), 2, length, clamped: true) { $0 == 0 ? 1 - part : part }
      case .bicubic:
        let left = (center - 0.5).rounded(.down)
        // TensorFlow looks the weights up in a table of 1024 steps.
        let part = ((center - 0.5 - left) * 1024).rounded(.toNearestOrEven) / 1024
        append(Int(left) - 1, 4, length, normalized: true) { cubic(abs(Float($0) - 1 - part)) }
      case .area:
        let start = Float(place) * scale, end = Float(place + 1) * scale, first = Int(start)
        let count = max(1, Int(end.rounded(.up)) - first)
        append(first, count, length) { (min(Float(first + $0 + 1), end) - max(Float(first + $0), start)) / scale }
      case .lanczos3, .lanczos5, .gaussian, .mitchellcubic:
        let first = max(0, min(Int((center - interpolation.radius - 0.5).rounded(.up)), length - 1))
        let last = max(0, min(Int((center + interpolation.radius - 0.5).rounded(.down)), length - 1))
        append(first, last - first + 1, length, normalized: true) {
          interpolation.kernel(abs(Float(first + $0) + 0.5 - center))
        }
      }
    }
  }

  /// Adds a new place, made from the `count` that begin at `first`, some of which may lie beyond the row. Those count for
  /// nothing or, if `clamped`, for the nearest in the row.
  private mutating func append(
    _ first: Int, _ count: Int, _ length: Int, clamped: Bool = false, normalized: Bool = false, weight: (_ offset: Int) -> Float
  ) {
    let start = max(0, min(first, length - taps)), kept = weights.count
    starts.append(start)
    weights.append(contentsOf: repeatElement(0, count: taps))
    for offset in 0..<count {
      let place = clamped ? max(0, min(first + offset, length - 1)) : first + offset
      if (start..<start + taps).contains(place) { weights[kept + place - start] += weight(offset) }
    }
    guard normalized else { return }
    let sum = weights[kept...].reduce(0, +)
    if abs(sum) > 1e-35 { for tap in kept..<weights.count { weights[tap] /= sum } }
  }
}

/// Keys' cubic at a distance of 0 to 2 ("Cubic Convolution Interpolation for Digital Image Processing", 1981).
private func cubic(_ x: Float) -> Float {
  x <= 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2
}

extension Interpolation {
  /// How far a kernel reaches.
  fileprivate var radius: Float {
    switch self {
    case .lanczos5: 5
    case .lanczos3: 3
    case .gaussian: 1.5
    default: 2
    }
  }

  /// The weight at a distance.
  fileprivate func kernel(_ x: Float) -> Float {
    guard x <= radius else { return 0 }
    switch self {
    case .gaussian: return x == radius ? 0 : exp(-x * x / (2 * radius / 3 * radius / 3))
    case .mitchellcubic:
      return x >= 2
        ? 0 : x >= 1 ? (((-7 / 18 * x + 2) * x - 10 / 3) * x) + 16 / 9 : (7 / 6 * x - 2) * x * x + 8 / 9
    default: return x <= 1e-3 ? 1 : radius * sin(.pi * x) * sin(.pi * x / radius) / (.pi * .pi * x * x)
    }
  }
}
