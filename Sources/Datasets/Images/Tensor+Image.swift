import DeepSwiftEngine

extension Tensor {
  /// A picture as uint8 of shape `[height, width, channels]`, from a PNG, JPEG, BMP, PPM or PGM file. The format is told by the
  /// contents, whatever the name.
  ///
  /// - Parameter channels: 1 for gray, 3 for red, green and blue, 4 with alpha; what the file has if `nil`.
  public init(imageFile path: String, channels: Int? = nil) throws {
    try self.init(imageBytes: Files.read(path), channels: channels, place: path)
  }

  /// The same from the bytes of a file. `place` is its name in error messages.
  public init(imageBytes bytes: [UInt8], channels: Int? = nil, place: String = "picture") throws {
    if let channels, ![1, 3, 4].contains(channels) {
      throw ModelError(.argument, at: place, "pictures are read with 1, 3 or 4 channels, received \(channels)")
    }
    let image = try ImagePixels(file: bytes, channels: channels, place: place)
    self.init(image.bytes, shape: [image.height, image.width, image.channels])
  }

  /// Writes a picture of shape `[height, width]` or `[height, width, channels]`, with 1 to 4 channels, as a PNG file.
  ///
  /// Values go from 0 to 255. Fractions are rounded, and what lies beyond is held to the nearest end.
  public func write(png path: String) throws {
    try Files.write(pngBytes(place: path), to: path)
  }

  /// The bytes of such a file.
  package func pngBytes(place: String) throws -> [UInt8] {
    let channels = rank == 2 ? 1 : rank == 3 ? shape[2] : 0
    guard (1...4).contains(channels), count > 0, shape[0] <= Int32.max, shape[1] <= Int32.max else {
      throw ModelError(
        .shape, at: place,
        "a picture has the shape [height, width, channels] with 1 to 4 channels, received \(shape)"
          + (rank == 4 ? ". One picture of a batch is images[0]." : ""))
    }
    let rounded = elementType == .float32 ? self + 0.5 : self
    return PNG.encode(ImagePixels(height: shape[0], width: shape[1], channels: channels, bytes: rounded.bytes))
  }
}
