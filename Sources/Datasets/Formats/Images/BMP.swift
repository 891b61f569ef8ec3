import DeepSwiftEngine

/// The BMP format of Windows: 1, 4 or 8 bits a pixel with a palette, 16, 24 or 32 bits without one, not compressed.
package enum BMP {
  package static func decode(_ file: [UInt8], place: String) throws -> ImagePixels {
    var reader = ByteReader(file, at: 10, place: place)
    let start = Int(try reader.take(littleEndian: UInt32.self))
    let headerSize = Int(try reader.take(littleEndian: UInt32.self))
    guard headerSize >= 40, headerSize <= reader.remaining + 4 else {
      throw ModelError(.file, at: place, "has a header of \(headerSize) bytes; 40 or more are read")
    }
    let width = Int(try reader.take(littleEndian: Int32.self)), lines = Int(try reader.take(littleEndian: Int32.self))
    _ = try reader.take(2)
    let depth = Int(try reader.take(littleEndian: UInt16.self)), compression = try reader.take(littleEndian: UInt32.self)
    _ = try reader.take(12)
    let colors = Int(try reader.take(littleEndian: UInt32.self))
    guard [1, 4, 8, 16, 24, 32].contains(depth) else {
      throw ModelError(.file, at: place, "has \(depth) bits a pixel; 1, 4, 8, 16, 24 and 32 are read")
    }
    // 3 is no compression: what follows the header tells where in a pixel the colors lie.
    guard compression == 0 || compression == 3 && (depth == 16 || depth == 32) else {
      throw ModelError(
        .file, at: place, "is compressed (kind \(compression)), which is not read. Save it uncompressed, or as PNG.")
    }
    _ = try reader.take(4)
    let usual: [UInt32] = depth == 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff]
    let masks = compression == 3 ? try (0..<3).map { _ in try reader.take(littleEndian: UInt32.self) } : usual
    // Bytes need no masks.
    let colorBits = depth == 16 || masks != usual ? try masks.map { try ColorBits($0, place) } : []
    let height = abs(lines)
    guard width > 0, height > 0 else { throw ModelError(.file, at: place, "has no possible size: \(width) × \(height)") }
    let stride = (width * depth + 31) / 32 * 4
    _ = try checkedSize(height: height, width: stride, channels: 1, dataCount: file.count, most: 1, place: place)
    guard start >= 14 + headerSize, start <= file.count, height * stride <= file.count - start else {
      throw ModelError(.file, at: place, "is cut off: \(height) rows of \(stride) bytes are expected from byte \(start)")
    }
    let palette =
      depth > 8 ? [] : try Palette(file, at: 14 + headerSize, colors: colors == 0 ? 1 << depth : colors, start, place).bytes
    let channels = depth == 32 && colorBits.isEmpty ? 4 : depth > 8 ? 3 : Palette.isGray(palette) ? 1 : 3
    let bytes = [UInt8](unsafeUninitializedCapacity: height * width * channels) { target, initialized in
      for y in 0..<height {
        // Rows stand from bottom to top unless the height is negative.
        let row = start + (lines > 0 ? height - 1 - y : y) * stride
        for x in 0..<width {
          let pixel = (y * width + x) * channels
          let source = row + x * depth / 8
          if !colorBits.isEmpty {
            var value: UInt32 = 0
            for byte in 0..<depth / 8 { value |= UInt32(file[source + byte]) << UInt32(8 * byte) }
            for channel in 0..<3 { target[pixel + channel] = colorBits[channel].level(in: value) }
          } else if depth > 8 {
            for channel in 0..<3 { target[pixel + channel] = file[source + 2 - channel] }
            if channels == 4 { target[pixel + 3] = file[source + 3] }
          } else {
            let color = Int(file[source]) >> (8 - depth - x * depth % 8) & (1 << depth - 1)
            for channel in 0..<channels { target[pixel + channel] = palette[color * 3 + channel] }
          }
        }
      }
      initialized = height * width * channels
    }
    return ImagePixels(height: height, width: width, channels: channels, bytes: bytes)
  }

  /// Where in a pixel one of the colors lies.
  private struct ColorBits {
    private let shift: UInt32, most: UInt32

    init(_ mask: UInt32, _ place: String) throws {
      shift = UInt32(mask == 0 ? 0 : mask.trailingZeroBitCount)
      most = mask >> shift
      guard most > 0, most & (most &+ 1) == 0, most <= 0xffff else {
        throw ModelError(.file, at: place, "is damaged: the bits of a color are \(String(mask, radix: 2))")
      }
    }

    /// The color as one of 0...255.
    func level(in pixel: UInt32) -> UInt8 { UInt8(((pixel >> shift & most) * 255 + most / 2) / most) }
  }

  private struct Palette {
    /// Red, green and blue of 256 colors; those that the file has not are black.
    let bytes: [UInt8]

    init(_ file: [UInt8], at position: Int, colors: Int, _ end: Int, _ place: String) throws {
      guard (1...256).contains(colors), position + colors * 4 <= end else {
        throw ModelError(.file, at: place, "has no room for its palette of \(colors) colors")
      }
      var bytes = [UInt8](repeating: 0, count: 768)
      for color in 0..<colors {
        for channel in 0..<3 { bytes[color * 3 + channel] = file[position + color * 4 + 2 - channel] }
      }
      self.bytes = bytes
    }

    static func isGray(_ palette: [UInt8]) -> Bool {
      stride(from: 0, to: palette.count, by: 3).allSatisfy { first in
        let red = palette[first]
        return palette[first + 1] == red && palette[first + 2] == red
      }
    }
  }
}
