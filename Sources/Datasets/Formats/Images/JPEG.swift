import DeepSwiftEngine

/// The JPEG format, decoded by the system's `libturbojpeg` with the settings that TensorFlow uses.
package enum JPEG {
  /// The pixels of a JPEG file. How a camera was held is not looked at, as in TensorFlow.
  ///
  /// - Parameter channels: 1, 3 or 4; what the file has if `nil`.
  package static func decode(_ file: [UInt8], channels: Int? = nil, place: String) throws -> ImagePixels {
    let library = try TurboJPEG.loaded(place: place)
    return try library.withHandle(place: place) { handle in
      var (width, height, sampling, space): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
      let status = library.readHeader(handle, file, CUnsignedLong(file.count), &width, &height, &sampling, &space)
      // Rare ratios of color samples are reported as an error, after the size was found.
      guard width > 0, height > 0 else {
        throw status == 0
          ? ModelError(.file, at: place, "is a damaged JPEG file: it has no picture") : fault(library, handle, place)
      }
      let isInked = space == 3 || space == 4
      let channels = channels ?? (space == 2 ? 1 : 3)
      let stored = isInked ? 4 : channels
      // An 8 × 8 block takes a bit or more of each scan.
      let count =
        try checkedSize(
          height: Int(height), width: Int(width), channels: 1, dataCount: file.count, most: 1024, place: place) * stored
      let bytes = try [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
        let format: CInt = isInked ? 11 : stored == 1 ? 6 : stored == 4 ? 7 : 0
        // The fast transform, which TensorFlow uses, and no more scans than a picture can need.
        let flags: CInt = 2048 | 32768
        let status = library.decompress(
          handle, file, CUnsignedLong(file.count), target.baseAddress, width, 0, height, format, flags)
        if status != 0 && isFatal(library, handle, file) { throw fault(library, handle, place) }
        initialized = count
      }
      let image = ImagePixels(height: Int(height), width: Int(width), channels: stored, bytes: bytes)
      return isInked ? rgb(fromInk: image, isInverted: hasAdobeMarker(file)).converted(to: channels) : image
    }
  }

  /// The library warns of damage that it could step over, as TensorFlow does. Pixels that are missing are another matter.
  private static func isFatal(_ library: TurboJPEG, _ handle: TurboJPEG.Handle, _ file: [UInt8]) -> Bool {
    let isWarning = library.errorCode(handle) == 0
    guard isWarning, !text(library, handle).contains("Premature end") else { return true }
    // Only the first warning is told: is there an end of the picture behind its beginning?
    return !(marker(0xd9, lastIn: file) > marker(0xda, lastIn: file))
  }

  private static func marker(_ code: UInt8, lastIn file: [UInt8]) -> Int {
    file.indices.dropLast().last { file[$0] == 0xff && file[$0 + 1] == code } ?? -1
  }

  private static func text(_ library: TurboJPEG, _ handle: TurboJPEG.Handle) -> String {
    library.errorText(handle).map { String(cString: $0) } ?? "unknown error"
  }

  private static func fault(_ library: TurboJPEG, _ handle: TurboJPEG.Handle, _ place: String) -> ModelError {
    ModelError(.file, at: place, "is a damaged JPEG file: \(text(library, handle))")
  }

  /// Colors from cyan, magenta, yellow and black. Adobe's programs store how much ink is *not* used.
  private static func rgb(fromInk image: ImagePixels, isInverted: Bool) -> ImagePixels {
    var bytes = [UInt8](repeating: 0, count: image.height * image.width * 3)
    for pixel in 0..<image.height * image.width {
      let ink = image.bytes[pixel * 4..<pixel * 4 + 4].map { isInverted ? Int($0) : 255 - Int($0) }
      for channel in 0..<3 { bytes[pixel * 3 + channel] = UInt8(ink[channel] * ink[3] / 255) }
    }
    return ImagePixels(height: image.height, width: image.width, channels: 3, bytes: bytes)
  }

  /// Whether a segment of the header was written by Adobe's programs.
  private static func hasAdobeMarker(_ file: [UInt8]) -> Bool {
    var position = 2
    while position + 9 <= file.count, file[position] == 0xff {
      let code = file[position + 1], length = Int(file[position + 2]) << 8 | Int(file[position + 3])
      if code == 0xda { return false }
      if code == 0xee, file[position + 4..<position + 9].elementsEqual("Adobe".utf8) { return true }
      position += code == 0xff ? 1 : 2 + length
    }
    return false
  }
}
