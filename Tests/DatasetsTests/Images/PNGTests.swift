import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

@Suite struct PNGTests {
  func chunk(_ name: String, _ contents: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + contents
    func bigEndian(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    return bigEndian(UInt32(contents.count)) + body + bigEndian(crc32(body[...]))
  }

  func file(_ width: UInt8, _ height: UInt8, depth: UInt8 = 8, color: UInt8 = 0, _ chunks: [UInt8]) -> [UInt8] {
    [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10] + chunk("IHDR", [0, 0, 0, width, 0, 0, 0, height, depth, color, 0, 0, 0]) + chunks
  }

  func fault(_ file: [UInt8]) -> String { message { _ = try Tensor(imageBytes: file, place: "a.png") } }

  @Test func picturesComeBack() throws {
    for trial in 0..<60 {
      let random = RandomSource(seed: 3).keyed(UInt64(trial)), draw = { random.integer(below: $0, at: $1) }
      let channels = 1 + draw(4, 0), height = 1 + draw(20, 1), width = 1 + draw(20, 2), flat = 1 + draw(9, 3)
      let bytes = (0..<height * width * channels).map { UInt8(truncatingIfNeeded: draw(256, UInt64($0 / flat + 9))) }
      let picture = Tensor(bytes, shape: [height, width, channels])
      try withTemporaryFolder { folder in
        try picture.write(png: folder + "/a.png")
        #expect(try Tensor(imageFile: folder + "/a.png") == picture)
      }
    }
  }

  @Test func fractionsAreRoundedAndHeldToTheRange() throws {
    try withTemporaryFolder { folder in
      try Tensor([-5, 0.4, 0.6, 254.6, 300, 7] as [Float], shape: [2, 3]).write(png: folder + "/a.png")
      #expect(try Tensor(imageFile: folder + "/a.png").bytes == [0, 0, 1, 255, 255, 7])
      #expect(message { try Tensor.zeros([2, 3, 3, 1]).write(png: folder + "/b.png") }.contains("images[0]"))
      #expect(!Files.exists(folder + "/b.png"))
    }
  }

  @Test func saysWhatIsWrong() throws {
    let pixels = deflated([0, 1, 2, 0, 3, 4], .zlib), end = chunk("IEND", [])
    let good = file(2, 2, chunk("IDAT", pixels) + end)
    #expect(try Tensor(imageBytes: good).bytes == [1, 2, 3, 4])
    #expect(try Tensor(imageBytes: good + [1, 2, 3]).bytes == [1, 2, 3, 4])
    #expect(fault(Array(good.dropLast(12))).contains("ends at byte"))
    var damaged = good
    damaged[good.count - 14] ^= 1
    #expect(fault(damaged).contains("the checksum at byte"))
    #expect(
      fault(file(2, 3, chunk("IDAT", pixels) + end))
        == "a.png: is cut off: it unpacks to 6 bytes, expected 9. Download it or write it again.")
    #expect(fault(file(2, 2, chunk("IDAT", deflated([9, 1, 2, 0, 3, 4], .zlib)) + end)).contains("row 0 has the filter 9"))
    #expect(fault(file(2, 2, depth: 8, color: 3, chunk("IDAT", pixels) + end)).contains("no palette"))
    #expect(fault(file(2, 2, depth: 3, chunk("IDAT", pixels) + end)).contains("3 bits and color type 0"))
    #expect(fault(file(0, 2, chunk("IDAT", pixels) + end)).contains("no possible size: 0 × 2"))
    #expect(fault(file(2, 2, chunk("ABCD", []) + chunk("IDAT", pixels) + end)).contains("a chunk ABCD"))
    #expect(fault(file(2, 2, end)).contains("has no pixels"))
    #expect(fault([]) == "a.png: is empty")
    #expect(fault(Array("GIF is an old format".utf8)).contains("not a picture in a known format"))
  }

  @Test(arguments: [
    ("GIF89a…", "GIF"), ("RIFF1234WEBPVP8 ", "WebP"), ("II*\0", "TIFF"), ("MM\0*", "TIFF"), ("\0\0\0\u{18}ftypheic", "HEIF"),
    ("\0\0\0\u{18}ftypavif", "AVIF"),
  ])
  func formatsThatAreNotReadAreCalledByName(contents: String, name: String) {
    #expect(fault(Array(contents.utf8)) == "a.png: is a \(name) file, which is not read. Save it as PNG.")
  }

  /// The gray that TensorFlow reads from colors of 16 bits, if the file says how they relate to light.
  @Test func grayOfDeepColorsIsComputedFromLight() throws {
    let colors: [[UInt16]] = [
      [60000, 20, 300], [511, 511, 511], [33023, 33023, 33023], [1000, 65535, 40000], [0, 0, 70], [12345, 23456, 34567],
    ]
    let row: [UInt8] = [0] + colors.joined().flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    let pixels = chunk("IDAT", deflated(row, .zlib)) + chunk("IEND", [])
    let picture = file(6, 1, depth: 16, color: 2, chunk("gAMA", [0, 0, 0xb1, 0x8f]) + pixels)
    #expect(try Tensor(imageBytes: picture, channels: 1).bytes == [135, 2, 128, 206, 0, 88])
  }

  @Test func aFewBytesCannotAskForMuchMemory() {
    let huge =
      [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10] as [UInt8]
      + chunk("IHDR", [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 16, 6, 0, 0, 0])
      + chunk("IDAT", deflated([UInt8](repeating: 0, count: 100), .zlib)) + chunk("IEND", [])
    #expect(fault(huge).contains("declares 2147483647 × 2147483647 pixels, more than"))
  }
}
