import CZlib
import Foundation

/// The file format of pictures: a signature and chunks, each with its length, name and check sum.
package enum PNG {
  /// - Parameter rgb: red, green and blue of each pixel, line by line.
  package static func encode(width: Int, height: Int, rgb: [UInt8]) -> Data {
    precondition(rgb.count == width * height * 3, "\(width) × \(height) pixels need \(width * height * 3) bytes")
    var file = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    // Eight bits a channel, red-green-blue, and the only compression, filters and order that there are or need be.
    append("IHDR", bigEndian(width) + bigEndian(height) + [8, 2, 0, 0, 0], to: &file)
    append("IDAT", compressed(lines(width: width, height: height, rgb)), to: &file)
    append("IEND", [], to: &file)
    return file
  }

  /// Each line begins with its filter. 2 is "difference to the line above", which is mostly zero in a drawing.
  private static func lines(width: Int, height: Int, _ rgb: [UInt8]) -> [UInt8] {
    let stride = width * 3
    var bytes = [UInt8]()
    bytes.reserveCapacity(height * (stride + 1))
    for row in 0..<height {
      bytes.append(row == 0 ? 0 : 2)
      for index in row * stride..<(row + 1) * stride {
        bytes.append(row == 0 ? rgb[index] : rgb[index] &- rgb[index - stride])
      }
    }
    return bytes
  }

  private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(uLong(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    // Fails only for want of memory or room, and there is room.
    let status = compress2(&result, &count, bytes, uLong(bytes.count), 9)
    precondition(status == Z_OK, "zlib ran out of memory")
    return Array(result.prefix(Int(count)))
  }

  private static func append(_ name: String, _ content: [UInt8], to file: inout Data) {
    let body = Array(name.utf8) + content
    file.append(contentsOf: bigEndian(content.count) + body + bigEndian(Int(crc32(0, body, uInt(body.count)))))
  }

  private static func bigEndian(_ number: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(number).bigEndian) { Array($0) }
  }
}
