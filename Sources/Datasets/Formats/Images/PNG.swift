import DeepSwiftEngine

/// The PNG format: a signature and chunks, each with its length, name and check sum.
package enum PNG {
  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// How a pixel is stored.
  enum Color: UInt8 {
    case gray = 0, rgb = 2, palette = 3, grayAlpha = 4, rgba = 6

    /// Values of a pixel in the file.
    var samples: Int {
      switch self {
      case .gray, .palette: 1
      case .grayAlpha: 2
      case .rgb: 3
      case .rgba: 4
      }
    }

    var depths: [Int] {
      switch self {
      case .gray: [1, 2, 4, 8, 16]
      case .palette: [1, 2, 4, 8]
      case .rgb, .grayAlpha, .rgba: [8, 16]
      }
    }
  }

  /// The chunk that comes first.
  struct Header {
    let width: Int
    let height: Int
    let depth: Int
    let color: Color
    let isInterlaced: Bool

    /// Bytes from a byte to that of the same sample one pixel to the left.
    var pixelBytes: Int { max(1, color.samples * depth / 8) }

    /// Bytes of a row of `width` pixels.
    func rowBytes(_ width: Int) -> Int { (width * color.samples * depth + 7) / 8 }

    init(_ chunk: ArraySlice<UInt8>, place: String) throws {
      guard chunk.count == 13 else { throw ModelError(.file, at: place, "has a header of \(chunk.count) bytes, expected 13") }
      var reader = ByteReader(Array(chunk), place: place)
      let (width, height) = (try reader.take(bigEndian: UInt32.self), try reader.take(bigEndian: UInt32.self))
      let rest = Array(try reader.take(5))
      guard (1..<1 << 31).contains(width), (1..<1 << 31).contains(height) else {
        throw ModelError(.file, at: place, "has no possible size: \(width) × \(height)")
      }
      guard let color = Color(rawValue: rest[1]), color.depths.contains(Int(rest[0])) else {
        throw ModelError(.file, at: place, "has \(rest[0]) bits and color type \(rest[1]), which PNG does not know")
      }
      guard rest[2] == 0, rest[3] == 0, rest[4] <= 1 else {
        throw ModelError(.file, at: place, "has an unknown compression, filter or order of rows")
      }
      (self.width, self.height, self.depth, self.color) = (Int(width), Int(height), Int(rest[0]), color)
      isInterlaced = rest[4] == 1
    }
  }

  /// One of the pictures that make up an interlaced one: every `stepX`-th pixel from `startX` on, and so down.
  struct Pass {
    let startX: Int, startY: Int, stepX: Int, stepY: Int
    let width: Int, height: Int

    init(_ startX: Int, _ startY: Int, _ stepX: Int, _ stepY: Int, of header: Header) {
      (self.startX, self.startY, self.stepX, self.stepY) = (startX, startY, stepX, stepY)
      width = max(0, (header.width - startX + stepX - 1) / stepX)
      height = max(0, (header.height - startY + stepY - 1) / stepY)
    }

    static func all(of header: Header) -> [Pass] {
      guard header.isInterlaced else { return [Pass(0, 0, 1, 1, of: header)] }
      return [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        .map { Pass($0.0, $0.1, $0.2, $0.3, of: header) }.filter { $0.width > 0 && $0.height > 0 }
    }
  }

  /// What the chunks of a file say, its pixels still compressed.
  struct Chunks {
    var header: Header
    /// Red, green and blue of each color.
    var palette: [UInt8] = []
    /// The alpha of palette entries, or the one color (big-endian samples) that is transparent.
    var transparency: ArraySlice<UInt8>?
    /// What values are to be raised to, to be proportional to light.
    var gamma: Double?
    var data: [ArraySlice<UInt8>] = []
  }

  /// Walks over the chunks of a file.
  static func chunks(_ file: [UInt8], place: String) throws -> Chunks {
    guard file.starts(with: signature) else { throw ModelError(.file, at: place, "is not a PNG file") }
    var reader = ByteReader(file, at: 8, place: place)
    var chunks: Chunks?
    while true {
      let length = try reader.take(bigEndian: UInt32.self)
      let start = reader.position
      guard length < 1 << 31 else { throw ModelError(.file, at: place, "has a chunk of impossible length at byte \(start)") }
      let body = try reader.take(4 + Int(length))
      let checksum = try reader.take(bigEndian: UInt32.self)
      let name = body.prefix(4), contents = body.dropFirst(4)
      // A small first letter marks what a reader may ignore.
      let isNeeded = name[name.startIndex] & 0x20 == 0
      guard crc32(body) == checksum else {
        if !isNeeded { continue }
        throw ModelError(.file, at: place, "is damaged: the checksum at byte \(start + 4 + Int(length)) is wrong")
      }
      guard chunks != nil || name.elementsEqual("IHDR".utf8) else {
        throw ModelError(.file, at: place, "does not begin with a header")
      }
      switch String(decoding: name, as: UTF8.self) {
      case "IHDR":
        guard chunks == nil else { throw ModelError(.file, at: place, "has two headers") }
        chunks = Chunks(header: try Header(contents, place: place))
      case "PLTE":
        guard contents.count % 3 == 0, (3...768).contains(contents.count) else {
          throw ModelError(.file, at: place, "has a palette of \(contents.count) bytes, expected 3 for each color")
        }
        chunks?.palette = Array(contents)
      case "tRNS": chunks?.transparency = contents
      case "sRGB": chunks?.gamma = 0.45455
      case "gAMA" where contents.count == 4 && chunks?.gamma == nil:
        chunks?.gamma = Double(contents.reduce(0) { $0 << 8 | UInt32($1) }) * 1e-5
      case "IDAT": chunks?.data.append(contents)
      case "IEND":
        guard let chunks, !chunks.data.isEmpty else { throw ModelError(.file, at: place, "has no pixels") }
        guard chunks.header.color != .palette || !chunks.palette.isEmpty else {
          throw ModelError(.file, at: place, "has colors by number and no palette")
        }
        return chunks
      default:
        if isNeeded {
          throw ModelError(
            .file, at: place, "has a chunk \(String(decoding: name, as: UTF8.self)), which is needed and not known")
        }
      }
    }
  }
}
