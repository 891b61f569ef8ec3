import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

/// Folders read by DeepSwift against the same folders read by Keras.
@Suite struct ImageResizingTests {
  static let resized = Result { try Tensor.read(npz: ImageFixturesTests.folder + "/resized.npz") }
  static let cases: [String] = (try? resized.get().keys.sorted()) ?? []

  @Test func thereAreManyFixtures() { #expect(Self.cases.count == 24) }

  @Test(arguments: cases) func sameNumbersAsKeras(name: String) throws {
    let parts = name.split(separator: "-"), expected = try #require(try Self.resized.get()[name])
    let size = Shape(parts.dropFirst().compactMap { Int($0) })
    let folder = try ImageFolder(
      ImageFixturesTests.folder + "/photos", imageSize: size,
      colorMode: parts[0] == "gray" ? .grayscale : parts[0] == "rgba" ? .rgba : .rgb, shuffle: false,
      interpolation: Interpolation(rawValue: String(parts[0])) ?? .bilinear, cropToAspectRatio: parts[0] == "crop",
      padToAspectRatio: parts[0] == "pad", verbose: false)
    var batches = try folder.makeBatches()
    let batch = try #require(try batches.next())
    try #require(batch.x.shape == expected.shape)
    #expect(batch.x.elementType == .float32)
    let most = zip(batch.x.floats, expected.floats).map { abs($0 - $1) }.max() ?? 0
    #expect(most < 1e-3)
    #expect(batch.y == Tensor([0, 0, 1] as [Int32]))
  }
}
