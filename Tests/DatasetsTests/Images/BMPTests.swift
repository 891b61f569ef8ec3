import DeepSwift
import DeepSwiftDatasets
import Testing

/// The kinds of BMP that other programs seldom write; the usual ones are among the fixtures.
@Suite struct BMPTests {
  /// A file of one row, whose pixels have `depth` bits.
  func file(_ pixels: [UInt32], depth: Int, masks: [UInt32] = []) -> [UInt8] {
    func bytes(_ number: UInt32, _ count: Int = 4) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    var file = Array("BM".utf8) + bytes(0) + bytes(0) + bytes(UInt32(54 + 4 * masks.count))
    file += bytes(40) + bytes(UInt32(pixels.count)) + bytes(1) + bytes(1, 2) + bytes(UInt32(depth), 2)
    file += bytes(masks.isEmpty ? 0 : 3) + [UInt8](repeating: 0, count: 20) + masks.flatMap { bytes($0) }
    let row = pixels.flatMap { bytes($0, depth / 8) }
    return file + row + [UInt8](repeating: 0, count: (4 - row.count % 4) % 4)
  }

  func levels(_ file: [UInt8]) throws -> [UInt8] {
    let picture = try Tensor(imageBytes: file)
    #expect(picture.shape[2] == 3)
    return picture.bytes
  }

  @Test func fiveBitsForEachColor() throws {
    let pixels: [UInt32] = [0x7fff, 0x7c00, 0x03e0, 0x001f, 0x8000 | 1 << 10 | 16 << 5 | 30]
    let levels = try levels(file(pixels, depth: 16))
    #expect(levels == [255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 8, 132, 247])
  }

  @Test func sixBitsOfGreen() throws {
    let levels = try levels(file([0xf800, 0x07e0, 0x001f, 33 << 5], depth: 16, masks: [0xf800, 0x07e0, 0x001f]))
    #expect(levels == [255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 134, 0])
  }

  @Test func colorsInAnotherOrder() throws {
    let levels = try levels(file([0x0a0b0c0d], depth: 32, masks: [0xff, 0xff00, 0xff0000]))
    #expect(levels == [0x0d, 0x0c, 0x0b])
  }

  @Test(arguments: [[0, 0x3e0, 0x1f], [0x7c00, 0x3a0, 0x1f], [0xffff_ffff, 0x3e0, 0x1f]] as [[UInt32]])
  func bitsThatMakeNoColor(masks: [UInt32]) {
    #expect(message { _ = try Tensor(imageBytes: file([1], depth: 16, masks: masks)) }.contains("the bits of a color"))
  }

  @Test func compressionIsRefused() {
    var packed = file([1], depth: 16)
    packed[30] = 1
    #expect(message { _ = try Tensor(imageBytes: packed) }.contains("Save it uncompressed, or as PNG"))
  }
}
