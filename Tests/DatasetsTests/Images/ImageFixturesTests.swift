import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

/// Pictures of every kind against what TensorFlow reads from them (`Tests/Fixtures/images/make_fixtures.py`).
@Suite struct ImageFixturesTests {
  static let folder = fixtures + "/images"
  static let decoded = Result { try Tensor.read(npz: folder + "/decoded.npz") }
  /// Each file with the channels that it is read with; 0 stands for its own.
  static let cases: [String] = (try? decoded.get().keys.sorted()) ?? []

  func read(_ name: String) throws -> (read: Tensor, expected: Tensor) {
    let parts = name.split(separator: "-"), channels = try #require(Int(parts[1]))
    let expected = try #require(try Self.decoded.get()[name])
    return (try Tensor(imageFile: "\(Self.folder)/\(parts[0])", channels: channels == 0 ? nil : channels), expected)
  }

  @Test func thereAreManyFixtures() { #expect(Self.cases.count > 180) }

  @Test(arguments: cases.filter { !$0.hasPrefix("jpeg") }) func samePixels(name: String) throws {
    let (read, expected) = try read(name)
    #expect(read.shape == expected.shape)
    #expect(read == expected)
  }

  @Test(.needsTurboJPEG, arguments: cases.filter { $0.hasPrefix("jpeg") }) func samePixelsOfJPEG(name: String) throws {
    let (read, expected) = try read(name)
    try #require(read.shape == expected.shape)
    let most = zip(read.integers, expected.integers).map { abs($0 - $1) }.max() ?? 0
    // Versions of the library round differently.
    #expect(most <= 1)
  }

  @Test func otherFormatsInOtherChannels() throws {
    for name in ["bmp_24.bmp", "ppm_binary.ppm", "bmp_32.bmp", "pgm_binary.pgm"] {
      let own = try Tensor(imageFile: "\(Self.folder)/\(name)"), channels = own.shape[2]
      for wanted in [1, 3, 4] {
        let read = try Tensor(imageFile: "\(Self.folder)/\(name)", channels: wanted)
        #expect(read.shape == [own.shape[0], own.shape[1], wanted])
        if wanted >= 3, channels >= 3 { #expect(read[0..., 0..., 0..<3] == own[0..., 0..., 0..<3]) }
        if wanted == 4, channels == 3 { #expect(read[0..., 0..., 3].integers.allSatisfy { $0 == 255 }) }
      }
    }
  }
}
