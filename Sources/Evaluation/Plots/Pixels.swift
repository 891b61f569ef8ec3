import DeepSwiftDatasets
import DeepSwiftEngine
import Foundation

/// A picture as pixels, red, green and blue of each, line by line.
package struct Pixels: Sendable, Equatable {
  package let width, height: Int
  package var rgb: [UInt8]

  package init(width: Int, height: Int, rgb: [UInt8]) {
    precondition(rgb.count == width * height * 3, "\(width) × \(height) pixels need \(width * height * 3) bytes")
    (self.width, self.height, self.rgb) = (width, height, rgb)
  }

  package func png() -> Data { PNG.encode(width: width, height: height, rgb: rgb) }

  /// The same picture with so many pixels: repeated ones when it grows, means of those that fall together when it shrinks.
  package func resized(_ newWidth: Int, _ newHeight: Int) -> Pixels {
    if (newWidth, newHeight) == (width, height) { return self }
    /// The pixels that fall into a new one.
    func part(_ index: Int, of length: Int, from old: Int) -> Range<Int> {
      let first = index * old / length
      return first..<max(first + 1, (index + 1) * old / length)
    }
    let columns = (0..<newWidth).map { part($0, of: newWidth, from: width) }
    var result = [UInt8]()
    result.reserveCapacity(newWidth * newHeight * 3)
    for row in 0..<newHeight {
      let rows = part(row, of: newHeight, from: height)
      for columns in columns {
        for channel in 0..<3 {
          var sum = 0
          for y in rows { for x in columns { sum += Int(rgb[(y * width + x) * 3 + channel]) } }
          let count = rows.count * columns.count
          result.append(UInt8((sum + count / 2) / count))
        }
      }
    }
    return Pixels(width: newWidth, height: newHeight, rgb: result)
  }

  /// Made smaller, if it is larger than this.
  package func reduced(toFit mostWidth: Int, _ mostHeight: Int) -> Pixels {
    resized(min(width, max(1, mostWidth)), min(height, max(1, mostHeight)))
  }

  /// Lays another picture over this one; what lies outside is cut off.
  package mutating func paste(_ other: Pixels, left: Int, top: Int) {
    let first = max(0, -left), columns = first..<max(first, min(other.width, width - left))
    guard !columns.isEmpty else { return }
    for row in 0..<other.height where (0..<height).contains(top + row) {
      let from = (row * other.width + columns.lowerBound) * 3, to = ((top + row) * width + left + columns.lowerBound) * 3
      rgb.replaceSubrange(to..<to + columns.count * 3, with: other.rgb[from..<from + columns.count * 3])
    }
  }
}

extension Pixels {
  /// The images of a tensor `[count, height, width]` or `[count, height, width, channels]`.
  ///
  /// One channel is gray, three are red, green and blue, a further one is opacity, on white. Bytes are what they are;
  /// of other numbers, a range within 0...1 or 0...255 is taken as such, and any other is stretched from the least to the most.
  package static func images(_ x: Tensor) throws -> [Pixels] {
    let shape = x.shape
    guard shape.rank == 3 || shape.rank == 4, shape.rank == 3 || (1...4).contains(shape[3]),
      shape.dimensions.dropFirst().allSatisfy({ $0 > 0 })
    else {
      throw ModelError(
        .shape,
        "pictures need samples of shape [height, width] or [height, width, 1, 2, 3 or 4 channels], these have "
          + "\(Shape(Array(shape.dimensions.dropFirst())))")
    }
    let (height, width, channels) = (shape[1], shape[2], shape.rank == 4 ? shape[3] : 1)
    return x.withUnsafeFloats { floats in
      let (low, high) = x.elementType == .uint8 ? (0, 255) : range(floats)
      func byte(_ index: Int) -> Float {
        let share = (floats[index] - low) / (high - low)
        return share.isNaN ? 0 : min(1, max(0, share)) * 255
      }
      let size = height * width
      return (0..<shape[0]).map { image in
        var rgb = [UInt8]()
        rgb.reserveCapacity(size * 3)
        for pixel in 0..<size {
          let place = (image * size + pixel) * channels, colors = channels < 3 ? 1 : 3
          let opacity = colors == channels ? 1 : byte(place + colors) / 255
          for channel in 0..<3 {
            let value = byte(place + (colors == 1 ? 0 : channel))
            rgb.append(UInt8((value * opacity + 255 * (1 - opacity)).rounded()))
          }
        }
        return Pixels(width: width, height: height, rgb: rgb)
      }
    }
  }

  /// What is drawn black and what white.
  private static func range(_ floats: UnsafeBufferPointer<Float>) -> (Float, Float) {
    let numbers = floats.lazy.filter(\.isFinite)
    guard let low = numbers.min(), let high = numbers.max() else { return (0, 1) }
    if low >= 0, high <= 1 { return (0, 1) }
    if low >= 0, high <= 255 { return (0, 255) }
    // Halves, so that the difference of huge numbers is one.
    return low < high && (high / 2 - low / 2).isFinite && (high - low).isFinite ? (low, high) : (low, low + 1)
  }
}
