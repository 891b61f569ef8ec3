import DeepSwiftEngine

/// A decoded picture: `bytes` has `height · width · channels` values, row by row. One channel is gray, three are red, green and
/// blue, and a second or fourth is alpha.
package struct ImagePixels: Sendable {
  package let height: Int
  package let width: Int
  package let channels: Int
  package let bytes: [UInt8]

  package init(height: Int, width: Int, channels: Int, bytes: [UInt8]) {
    precondition(bytes.count == height * width * channels, "\(height) × \(width) × \(channels) values, not \(bytes.count)")
    (self.height, self.width, self.channels, self.bytes) = (height, width, channels, bytes)
  }

  /// Decodes a file of any known format, told by its contents.
  ///
  /// - Parameter channels: 1, 3 or 4; what the file has if `nil`.
  package init(file: [UInt8], channels: Int?, place: String) throws {
    switch ImageFormat(of: file) {
    case .png: self = try PNG.decode(file, channels: channels, place: place)
    case .jpeg: self = try JPEG.decode(file, channels: channels, place: place)
    case .bmp: self = try BMP.decode(file, place: place).converted(to: channels)
    case .netpbm: self = try NetPBM.decode(file, place: place).converted(to: channels)
    case nil:
      if let name = ImageFormat.name(ofUnread: file) {
        throw ModelError(.file, at: place, "is a \(name) file, which is not read. Save it as PNG.")
      }
      throw ModelError(
        .file, at: place,
        file.isEmpty ? "is empty" : "is not a picture in a known format: PNG, JPEG, BMP, PPM and PGM are read")
    }
  }

  /// The same picture with another number of channels.
  package func converted(to channels: Int?) -> ImagePixels {
    guard let channels, channels != self.channels else { return self }
    let count = height * width
    let converted = [UInt8](unsafeUninitializedCapacity: count * channels) { target, initialized in
      bytes.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        convertChannels(count, from, self.channels, to, channels)
      }
      initialized = count * channels
    }
    return ImagePixels(height: height, width: width, channels: channels, bytes: converted)
  }
}

/// The formats of pictures that can be read.
package enum ImageFormat {
  case png, jpeg, bmp, netpbm

  /// The format that a file begins like, whatever its name; `nil` if none.
  package init?(of bytes: [UInt8]) {
    if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) {
      self = .png
    } else if bytes.starts(with: [0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if bytes.starts(with: [0x42, 0x4d]) {
      self = .bmp
    } else if bytes.count > 2, bytes[0] == 0x50, (0x31...0x36).contains(bytes[1]), isSpace(bytes[2]) || bytes[2] == 0x23 {
      self = .netpbm
    } else {
      return nil
    }
  }

  /// What a file is called that begins like a picture of a format which is not read.
  static func name(ofUnread bytes: [UInt8]) -> String? {
    func has(_ text: String, at start: Int = 0) -> Bool { bytes.dropFirst(start).starts(with: text.utf8) }
    if has("GIF8") { return "GIF" }
    if has("RIFF"), has("WEBP", at: 8) { return "WebP" }
    if has("II*\0") || has("MM\0*") { return "TIFF" }
    if has("ftyp", at: 4) { return has("avif", at: 8) ? "AVIF" : "HEIF" }
    return nil
  }

  /// How names of pictures end that are not read.
  static let unreadExtensions = ["avif", "gif", "heic", "heif", "tif", "tiff", "webp"]
}

/// Gray from color as libpng computes it for TensorFlow: 0.299 red + 0.587 green + 0.114 blue, cut off.
@inline(__always)
func gray(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
  UInt8(truncatingIfNeeded: (9797 &* UInt32(red) &+ 19234 &* UInt32(green) &+ 3737 &* UInt32(blue)) &>> 15)
}

/// Converts pixels between 1, 2, 3 and 4 channels: gray is repeated, a missing alpha is 255, one too many is left out.
func convertChannels(
  _ count: Int, _ from: UnsafePointer<UInt8>, _ fromChannels: Int, _ to: UnsafeMutablePointer<UInt8>, _ toChannels: Int
) {
  switch (fromChannels, toChannels) {
  case (let a, let b) where a == b: to.update(from: from, count: count * a)
  case (1, 3):
    for i in 0..<count {
      let value = from[i]
      (to[3 &* i], to[3 &* i &+ 1], to[3 &* i &+ 2]) = (value, value, value)
    }
  case (3, 1): for i in 0..<count { to[i] = gray(from[3 &* i], from[3 &* i &+ 1], from[3 &* i &+ 2]) }
  case (4, 3):
    for i in 0..<count {
      (to[3 &* i], to[3 &* i &+ 1], to[3 &* i &+ 2]) = (from[4 &* i], from[4 &* i &+ 1], from[4 &* i &+ 2])
    }
  default:
    for i in 0..<count {
      let pixel = from + i * fromChannels, target = to + i * toChannels
      let isColor = fromChannels > 2, alpha = fromChannels % 2 == 0 ? pixel[fromChannels - 1] : 255
      let (red, green, blue) = isColor ? (pixel[0], pixel[1], pixel[2]) : (pixel[0], pixel[0], pixel[0])
      if toChannels > 2 {
        (target[0], target[1], target[2]) = (red, green, blue)
      } else {
        target[0] = isColor ? gray(red, green, blue) : red
      }
      if toChannels % 2 == 0 { target[toChannels - 1] = alpha }
    }
  }
}

/// Refuses a picture whose header promises more than its data can hold, before memory is asked for.
///
/// - Parameter most: the most values that a byte of the file can stand for.
func checkedSize(
  height: Int, width: Int, channels: Int, dataCount: Int, most: Int, place: String
) throws -> Int {
  guard height > 0, width > 0 else { throw ModelError(.file, at: place, "has no pixels: it is \(width) × \(height)") }
  let (pixels, first) = height.multipliedReportingOverflow(by: width)
  let (values, second) = pixels.multipliedReportingOverflow(by: channels)
  let (limit, third) = dataCount.multipliedReportingOverflow(by: most)
  guard !first, !second, !third, values <= limit else {
    throw ModelError(
      .file, at: place, "declares \(width) × \(height) pixels, more than its \(dataCount) bytes of data can hold")
  }
  return values
}

func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
