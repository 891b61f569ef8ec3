/// What happens at the border of an image.
public enum Padding: String, Codable, Sendable {
  /// Windows stay within the image.
  case valid
  /// The result has `⌈length / stride⌉` places; zeros stand around the image, an odd one behind it.
  case same
}

/// How a window moves along one axis.
package struct WindowAxis {
  /// Places of the result.
  package let count: Int
  /// Zeros before the first place, and behind the last one.
  package let before, after: Int

  /// Throws if not even one window fits, or if the window is none.
  init(length: Int, window: Int, stride: Int, dilation: Int = 1, padding: Padding, name: String) throws {
    guard window > 0, stride > 0, dilation > 0 else {
      throw ModelError(
        .shape, "a window of \(name) \(window) with stride \(stride) and dilation \(dilation): each must be at least 1")
    }
    let reach = (window - 1) * dilation + 1
    switch padding {
    case .same:
      count = (length + stride - 1) / stride
      let zeros = Swift.max((count - 1) * stride + reach - length, 0)
      before = zeros / 2
      after = zeros - before
    case .valid:
      guard length >= reach else {
        throw ModelError(
          .shape,
          "a window of \(name) \(reach) does not fit into an input of \(name) \(length). Use padding: .same, a smaller window, "
            + "or less pooling before it.")
      }
      count = (length - reach) / stride + 1
      before = 0
      after = 0
    }
  }
}
