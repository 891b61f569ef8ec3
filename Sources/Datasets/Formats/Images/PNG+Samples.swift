import Foundation

extension PNG {
  /// Makes 8-bit pixels of the wanted channels from the samples of a row.
  struct Samples {
    let header: Header
    let channels: Int
    /// Whether the samples of the file are the pixels that are wanted.
    let areFinal: Bool
    /// Whether alpha comes from a palette or from a transparent color.
    private let addsAlpha: Bool
    /// Channels of a pixel once palette, depth and transparency are gone.
    private let native: Int
    /// Four bytes for each of 256 colors; empty where pixels are no numbers of colors.
    private let palette: [UInt8]
    /// The samples of the transparent color, 16 bits each.
    private let transparent: [UInt16]
    private let light: Light?

    init(_ chunks: Chunks, channels wanted: Int?) {
      header = chunks.header
      let isPalette = header.color == .palette, transparency = Array(chunks.transparency ?? [])
      channels = wanted ?? (isPalette ? chunks.transparency == nil ? 3 : 4 : header.color.samples)
      let hasAlpha = header.color == .grayAlpha || header.color == .rgba
      addsAlpha = channels % 2 == 0 && chunks.transparency != nil && !hasAlpha
      native = isPalette ? 4 : header.color.samples + (addsAlpha ? 1 : 0)
      areFinal = header.depth == 8 && !isPalette && native == channels && !addsAlpha
      palette = isPalette ? Self.palette(chunks.palette, transparency) : []
      transparent = stride(from: 0, to: transparency.count - 1, by: 2).map {
        UInt16(transparency[$0]) << 8 | UInt16(transparency[$0 + 1])
      }
      let becomesGray = channels < 3 && (isPalette || header.color.samples > 2)
      let isDeep = header.depth == 16
      light = becomesGray ? chunks.gamma.flatMap { Light(gamma: $0, isDeep: isDeep) } : nil
    }

    /// The colors with their alpha. Numbers without a color are black.
    private static func palette(_ colors: [UInt8], _ alphas: [UInt8]) -> [UInt8] {
      (0..<256).flatMap { color -> [UInt8] in
        let rgb = colors.dropFirst(color * 3).prefix(3)
        return (rgb.isEmpty ? [0, 0, 0] : Array(rgb)) + [alphas.indices.contains(color) ? alphas[color] : 255]
      }
    }

    /// Converts a row of `width` pixels, unfiltered.
    func convert(_ row: UnsafePointer<UInt8>, _ width: Int, to target: UnsafeMutablePointer<UInt8>) {
      if header.depth == 8, header.color != .palette, !addsAlpha, light == nil {
        return convertChannels(width, row, native, target, channels)
      }
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: width * native) { line in
        guard let line = line.baseAddress else { return }
        line.initialize(repeating: 0, count: width * native)
        if header.color == .palette {
          for x in 0..<width {
            let color = Int(sample(row, x)) * 4
            for channel in 0..<4 { line[x * 4 + channel] = palette[color + channel] }
          }
        } else {
          unpack(row, width, line)
        }
        if header.depth == 16, channels < 3, header.color.samples > 2 {
          for x in 0..<width { deepGray(row, x, target + x * channels) }
        } else if let light {
          light.convert(width, line, native, target, channels)
        } else {
          convertChannels(width, line, native, target, channels)
        }
      }
    }

    /// The samples of a row in 8 bits, with alpha where a color is transparent.
    private func unpack(_ row: UnsafePointer<UInt8>, _ width: Int, _ line: UnsafeMutablePointer<UInt8>) {
      let samples = header.color.samples
      // 1, 2 and 4 bits are spread over 0...255.
      let scale: UInt16 = header.depth < 8 ? 255 / (1 << UInt16(header.depth) - 1) : 1
      for x in 0..<width {
        var isTransparent = transparent.count >= samples
        for channel in 0..<samples {
          let value = sample(row, x * samples + channel)
          if isTransparent { isTransparent = value == transparent[channel] }
          line[x * native + channel] = UInt8(truncatingIfNeeded: header.depth == 16 ? value >> 8 : value * scale)
        }
        if addsAlpha { line[x * native + samples] = isTransparent ? 0 : 255 }
      }
    }

    /// A sample as it stands in the row.
    @inline(__always)
    private func sample(_ row: UnsafePointer<UInt8>, _ index: Int) -> UInt16 {
      switch header.depth {
      case 16: return UInt16(row[2 * index]) << 8 | UInt16(row[2 * index + 1])
      case 8: return UInt16(row[index])
      default:
        let bit = index * header.depth
        return UInt16(row[bit / 8]) >> UInt16(8 - header.depth - bit % 8) & (1 << UInt16(header.depth) - 1)
      }
    }

    /// Gray from 16-bit colors is computed before 8 bits are left.
    private func deepGray(_ row: UnsafePointer<UInt8>, _ x: Int, _ target: UnsafeMutablePointer<UInt8>) {
      let first = x * header.color.samples
      let (red, green, blue) = (sample(row, first), sample(row, first + 1), sample(row, first + 2))
      let gray = light?.gray(red, green, blue) ?? PNG.deepGray(red, green, blue)
      target[0] = UInt8(gray >> 8)
      if channels == 2 { target[1] = native == 4 ? UInt8(sample(row, first + 3) >> 8) : 255 }
    }
  }

  private static func deepGray(_ red: UInt16, _ green: UInt16, _ blue: UInt16) -> UInt16 {
    let sum: UInt32 = 9797 * UInt32(red) + 19234 * UInt32(green) + 3737 * UInt32(blue)
    return UInt16((sum + 16384) >> 15)
  }

  /// Gray from colors of a file that tells how its values relate to light: as libpng does it, the weights count for light.
  struct Light {
    private let toLight: [UInt8]
    private let fromLight: [UInt8]
    /// The same for 16 bits, of which the upper 11 are looked up.
    private let deepToLight: [UInt16]
    private let deepFromLight: [UInt16]
    /// Where all three colors are equal, the nearest gray is taken.
    private let nearest: [UInt8]

    /// `nil` where values and light are nearly proportional.
    init?(gamma: Double, isDeep: Bool) {
      guard gamma > 0, abs(gamma - 1) > 0.05 else { return nil }
      func table<Level: FixedWidthInteger>(_ exponent: Double, _ count: Int, _ type: Level.Type) -> [Level] {
        let most = Double(Level.max)
        return (0..<count).map { place in
          let level = most * pow(Double(place) / Double(count - 1), exponent) + 0.5
          return Level(max(0, min(most, level.rounded(.down))))
        }
      }
      let inverse = (1e5 / gamma + 0.5).rounded(.down) * 1e-5
      (toLight, fromLight) = (table(inverse, 256, UInt8.self), table(gamma, 256, UInt8.self))
      guard isDeep else {
        (deepToLight, deepFromLight, nearest) = ([], [], [])
        return
      }
      (deepToLight, deepFromLight) = (table(inverse, 2048, UInt16.self), table(gamma, 2048, UInt16.self))
      // The last of the 2048 places that each gray stands for.
      let ends: [Int] = (0..<255).map { gray in ((gray * 257 + 128) * 2047 + 32768) / 65535 }
      nearest = (0..<2048).map { place in UInt8(ends.firstIndex { place <= $0 } ?? 255) }
    }

    /// Gray from a color of 16 bits each.
    func gray(_ red: UInt16, _ green: UInt16, _ blue: UInt16) -> UInt16 {
      if red == green, green == blue { return UInt16(nearest[Int(red >> 5)]) << 8 }
      func light(_ value: UInt16) -> UInt16 { deepToLight[Int(value >> 5)] }
      return deepFromLight[Int(PNG.deepGray(light(red), light(green), light(blue)) >> 5)]
    }

    func convert(
      _ count: Int, _ from: UnsafePointer<UInt8>, _ fromChannels: Int, _ to: UnsafeMutablePointer<UInt8>, _ toChannels: Int
    ) {
      for x in 0..<count {
        let pixel = from + x * fromChannels
        let (red, green, blue) = (pixel[0], pixel[1], pixel[2])
        let (r, g, b) = (UInt32(toLight[Int(red)]), UInt32(toLight[Int(green)]), UInt32(toLight[Int(blue)]))
        let sum = (9797 * r + 19234 * g + 3737 * b + 16384) >> 15
        to[x * toChannels] = red == green && green == blue ? red : fromLight[Int(sum)]
        if toChannels == 2 { to[x * 2 + 1] = fromChannels == 4 ? pixel[3] : 255 }
      }
    }
  }
}
