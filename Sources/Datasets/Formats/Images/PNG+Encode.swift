import Foundation

extension PNG {
  /// - Parameter rgb: red, green and blue of each pixel, line by line.
  package static func encode(width: Int, height: Int, rgb: [UInt8]) -> Data {
    Data(encode(ImagePixels(height: height, width: width, channels: 3, bytes: rgb)))
  }

  /// A PNG file with 8 bits a channel.
  package static func encode(_ image: ImagePixels) -> [UInt8] {
    let colors: [Color] = [.gray, .grayAlpha, .rgb, .rgba]
    var file = signature
    append(
      "IHDR", bigEndian(image.width) + bigEndian(image.height) + [8, colors[image.channels - 1].rawValue, 0, 0, 0], to: &file)
    append("IDAT", deflated(filtered(image), .zlib, level: 9), to: &file)
    append("IEND", [], to: &file)
    return file
  }

  /// The rows, each behind the filter that makes its bytes smallest: 0 for none, 1 for the difference to the left, 2 to above.
  /// A drawing has rows that repeat, a photograph colors that change slowly.
  private static func filtered(_ image: ImagePixels) -> [UInt8] {
    let stride = image.width * image.channels
    var bytes: [UInt8] = []
    bytes.reserveCapacity(image.height * (stride + 1))
    var candidates = Array(repeating: [UInt8](repeating: 0, count: stride), count: 3)
    for y in 0..<image.height {
      let start = y * stride
      for x in 0..<stride {
        let value = image.bytes[start + x]
        candidates[0][x] = value
        candidates[1][x] = value &- (x < image.channels ? 0 : image.bytes[start + x - image.channels])
        candidates[2][x] = value &- (y == 0 ? 0 : image.bytes[start + x - stride])
      }
      // Bytes near 256 are small steps down.
      let sizes = candidates.map { $0.reduce(0) { $0 + Int(min($1, 0 &- $1)) } }
      let best = sizes[2] <= sizes[1] ? (sizes[2] <= sizes[0] ? 2 : 0) : (sizes[1] < sizes[0] ? 1 : 0)
      bytes.append(UInt8(best))
      bytes += candidates[best]
    }
    return bytes
  }

  private static func append(_ name: String, _ content: [UInt8], to file: inout [UInt8]) {
    let body = Array(name.utf8) + content
    file += bigEndian(content.count) + body + bigEndian(Int(crc32(body[...])))
  }

  private static func bigEndian(_ number: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).bigEndian) { Array($0) }
  }
}
