import DeepSwiftEngine

extension PNG {
  /// The pixels of a PNG file, 8 bits each; of 16 bits the upper 8 are taken, as TensorFlow does.
  ///
  /// - Parameter channels: 1, 3 or 4; what the file has if `nil`.
  package static func decode(_ file: [UInt8], channels: Int? = nil, place: String) throws -> ImagePixels {
    let chunks = try chunks(file, place: place), header = chunks.header
    let passes = Pass.all(of: header), compressed = chunks.data.reduce(0) { $0 + $1.count }
    // zlib makes at most 1032 bytes out of one; a byte has at most eight pixels.
    _ = try checkedSize(
      height: header.height, width: header.width, channels: 1, dataCount: compressed, most: 1032 * 8, place: place)
    let rawCount = passes.reduce(0) { $0 + $1.height * (header.rowBytes($1.width) + 1) }
    _ = try checkedSize(height: 1, width: rawCount, channels: 1, dataCount: compressed, most: 1032, place: place)
    var raw = try inflated(parts: chunks.data, count: rawCount, place: place)

    let samples = Samples(chunks, channels: channels)
    let count = header.height * header.width * samples.channels
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      try raw.withUnsafeMutableBufferPointer { raw in
        // Neither is empty: a picture has pixels.
        guard var row = raw.baseAddress, let target = target.baseAddress else { return }
        for pass in passes { try decode(pass, &row, samples, to: target, place) }
      }
      initialized = count
    }
    return ImagePixels(height: header.height, width: header.width, channels: samples.channels, bytes: bytes)
  }

  /// Decodes the rows of a pass, which begin at `row`, and moves `row` behind them.
  private static func decode(
    _ pass: Pass, _ row: inout UnsafeMutablePointer<UInt8>, _ samples: Samples, to target: UnsafeMutablePointer<UInt8>,
    _ place: String
  ) throws {
    let header = samples.header, channels = samples.channels
    let rowBytes = header.rowBytes(pass.width), isWhole = pass.stepX == 1
    // What stands above the first row counts as zero.
    let zeros = UnsafeMutablePointer<UInt8>.allocate(capacity: rowBytes)
    zeros.initialize(repeating: 0, count: rowBytes)
    let line = UnsafeMutablePointer<UInt8>.allocate(capacity: pass.width * channels)
    defer {
      zeros.deallocate()
      line.deallocate()
    }
    var above = UnsafePointer(zeros)
    for y in 0..<pass.height {
      let filter = row[0], values = row + 1
      let start = target + ((pass.startY + y * pass.stepY) * header.width + pass.startX) * channels
      // Where the file has what is asked for, rows become pixels at once.
      let pixels = samples.areFinal && isWhole ? start : values
      guard unfilter(filter, rowBytes, header.pixelBytes, values, above, pixels) else {
        throw ModelError(.file, at: place, "is damaged: row \(y) has the filter \(filter), which PNG does not know")
      }
      above = UnsafePointer(pixels)
      row += rowBytes + 1
      if samples.areFinal && isWhole { continue }
      samples.convert(values, pass.width, to: isWhole ? start : line)
      if !isWhole {
        for x in 0..<pass.width { (start + x * pass.stepX * channels).update(from: line + x * channels, count: channels) }
      }
    }
  }
}
