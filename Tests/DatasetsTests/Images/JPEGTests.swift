import DeepSwift
import DeepSwiftDatasets
import Testing

@Suite struct JPEGTests {
  func file(_ name: String) throws -> [UInt8] { try Files.read("\(ImageFixturesTests.folder)/\(name)") }

  @Test(.needsTurboJPEG) func pixelsThatAreMissingAreAnError() throws {
    for name in ["jpeg_420.jpg", "jpeg_gray.jpg", "jpeg_progressive.jpg", "jpeg_cmyk.jpg"] {
      let bytes = try file(name)
      for cut in [2, 20, bytes.count / 4, bytes.count - 3] {
        let text = message { _ = try Tensor(imageBytes: Array(bytes.dropLast(cut)), place: name) }
        #expect(text.contains("is a damaged JPEG file") || text.contains("declares"), "\(name) without \(cut) bytes: \(text)")
      }
      #expect(throws: Never.self) { try Tensor(imageBytes: bytes + [1, 2, 3], place: name) }
    }
  }

  @Test(.needsTurboJPEG) func alphaIsFull() throws {
    let rgb = try Tensor(imageBytes: file("jpeg_420.jpg")), rgba = try Tensor(imageBytes: file("jpeg_420.jpg"), channels: 4)
    #expect(rgba[0..., 0..., 0..<3] == rgb)
    #expect(rgba[0..., 0..., 3].bytes.allSatisfy { $0 == 255 })
  }

  @Test(.needsTurboJPEG) func aFewBytesCannotAskForMuchMemory() throws {
    var bytes = try file("jpeg_gray.jpg")
    let frame = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc0 })
    for i in [5, 7] { bytes[frame + i] = 0xff }
    for i in [6, 8] { bytes[frame + i] = 0 }
    #expect(message { _ = try Tensor(imageBytes: bytes, place: "a") }.contains("declares 65280 × 65280 pixels"))
  }

  @Test func aLibraryThatIsNotThere() {
    let library = TurboJPEG(names: ["libnothing.so.7"])
    #expect(library == nil)
    let text = message { _ = try TurboJPEG.required(library, place: "photos/a.jpg") }
    #expect(text.hasPrefix("photos/a.jpg: is a JPEG file") && text.contains("apt-get install libturbojpeg0"))
  }
}
