import DeepSwiftDatasets
import DeepSwiftEngine

/// Every second file gets check sums that fit: what lies behind them has to be safe by itself.
package enum PNGFuzz: FuzzTarget {
  package static let name = "png"
  package static let corpus = Corpus("images", ".png")

  package static func read(_ bytes: [UInt8]) throws {
    let fits = bytes.reduce(0, ^) & 1 == 0
    try readPicture(fits ? withFittingCheckSums(bytes) : bytes)
  }

  /// The file with the check sum of each chunk made to fit.
  package static func withFittingCheckSums(_ file: [UInt8]) -> [UInt8] {
    var bytes = file, position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 12 else { break }
      let sum = crc32(bytes[position + 4..<position + 8 + length])
      for i in 0..<4 { bytes[position + 8 + length + i] = UInt8(truncatingIfNeeded: sum >> UInt32(24 - 8 * i)) }
      position += 12 + length
    }
    return bytes
  }
}

package enum BMPFuzz: FuzzTarget {
  package static let name = "bmp"
  package static let corpus = Corpus("images", ".bmp")

  package static func read(_ bytes: [UInt8]) throws { try readPicture(bytes) }
}

package enum NetPBMFuzz: FuzzTarget {
  package static let name = "ppm"
  package static let corpus = Corpus("images", ".ppm", ".pgm")

  package static func read(_ bytes: [UInt8]) throws { try readPicture(bytes) }
}

/// The system's library is what is tried here, and the checks in front of it.
package enum JPEGFuzz: FuzzTarget {
  package static let name = "jpeg"
  package static let corpus = Corpus("images", ".jpg")

  package static func read(_ bytes: [UInt8]) throws { try readPicture(bytes) }
}

/// A zlib stream of known size, as the pixels of a PNG file are.
package enum FastInflateFuzz: FuzzTarget {
  package static let name = "fast-inflate"
  package static let corpus = Corpus("fuzz", ".zlib")

  package static func read(_ bytes: [UInt8]) throws {
    for count in [0, 1000, 100_000] { _ = try? inflated(parts: [bytes[...]], count: count, place: "file") }
    _ = try inflated(parts: [bytes[...]], count: 1000, place: "file")
  }
}

private func readPicture(_ bytes: [UInt8]) throws {
  for channels in [1, 3, 4] { _ = try Tensor(imageBytes: bytes, channels: channels) }
  _ = try Tensor(imageBytes: bytes).description
}
