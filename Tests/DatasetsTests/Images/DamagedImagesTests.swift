import DeepSwift
import DeepSwiftDatasets
import FuzzTargets
import Testing

/// Pictures with random damage must lead to an error or to a picture, never to a crash, a hang or a flood of memory.
@Suite struct DamagedImagesTests {
  @Test(arguments: [
    "png_rgb8.png", "png_rgba16_interlaced.png", "png_palette2_transparent.png", "png_gray1_interlaced.png", "png_rgb8_parts.png",
    "bmp_24.bmp", "bmp_palette4_down.bmp", "bmp_32.bmp", "ppm_text.ppm", "ppm_deep.ppm", "pgm_binary.pgm", "jpeg_420.jpg",
    "jpeg_progressive.jpg", "jpeg_cmyk.jpg",
  ])
  func damage(name: String) throws {
    let file = try Files.read("\(ImageFixturesTests.folder)/\(name)")
    DamagedFilesTests().damage(file, count: 600, seed: 7) { bytes in
      for channels in [nil, 1, 4] { _ = try Tensor(imageBytes: bytes, channels: channels) }
    }
  }

  /// Damage that the check sums do not find, since they are made to fit.
  @Test(arguments: ["png_rgb8.png", "png_palette4.png", "png_graya16_interlaced.png", "png_rgb8_transparent.png"])
  func damageBehindCheckSums(name: String) throws {
    let file = try Files.read("\(ImageFixturesTests.folder)/\(name)")
    DamagedFilesTests().damage(file, count: 600, seed: 8) { damaged in
      let bytes = PNGFuzz.withFittingCheckSums(damaged)
      for channels in [nil, 1, 4] { _ = try Tensor(imageBytes: bytes, channels: channels) }
    }
  }
}
