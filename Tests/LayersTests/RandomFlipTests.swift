@testable import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct RandomFlipTests {
  @Test func contract() {
    checkLayer(RandomFlip(), input: [3, 4, 2], output: [3, 4, 2])
    checkLayer(RandomFlip(.horizontal, seed: 3, name: "mirror"), input: [3, 4, 1], output: [3, 4, 1])
  }

  /// The images of a batch, each turned or not.
  private func flips(_ mode: RandomFlip.Mode) throws -> [[Float]] {
    try augmented(RandomFlip(mode), Array(repeating: [1, 2, 3, 4, 5, 6], count: 400), [2, 3, 1])
  }

  @Test func eachDirectionHasItsOwnChance() throws {
    let plain: [Float] = [1, 2, 3, 4, 5, 6], across: [Float] = [3, 2, 1, 6, 5, 4]
    let down: [Float] = [4, 5, 6, 1, 2, 3], both: [Float] = [6, 5, 4, 3, 2, 1]
    for (mode, kinds) in [
      (.horizontal, [plain, across]), (.vertical, [plain, down]), (.horizontalAndVertical, [plain, across, down, both]),
    ] as [(RandomFlip.Mode, [[Float]])] {
      let images = try flips(mode)
      #expect(Set(images) == Set(kinds))
      for kind in kinds {
        let share = Double(images.filter { $0 == kind }.count) / 400
        #expect((share - 1 / Double(kinds.count)).magnitude < 0.1, "\(mode)")
      }
    }
  }

  @Test func refusals() { checkRefusal(RandomFlip(), of: [4], saying: "images") }
}

/// What a layer makes of images in the first step of training; with another number, of a later one.
func augmented(
  _ layer: any Layer, _ images: [[Float]], _ shape: Shape, mode: Mode = .training, number: UInt32 = 0, workers: Int = 1,
  chunk: Int? = nil, name: String = "layer"
) throws -> [[Float]] {
  let x = Input(shape: shape)
  let y = layer.output(for: [x], Weights(Scope(name: name, title: name), Trace(), isTrainable: true))
  var settings = ProgramSettings()
  (settings.mode, settings.capacity, settings.workers, settings.segments.rows) = (mode, images.count, workers, chunk)
  let program = try Program(inputs: [x], outputs: [y], settings: settings)
  program.spoil()
  program.run(on: Samples([images.flatMap { $0 }], [shape], rows: images.count), number: number)
  let all = program.outputs(0, rows: images.count, of: y)
  return images.indices.map { Array(all[$0 * y.shape.count..<($0 + 1) * y.shape.count]) }
}

/// What all random layers have in common.
@Suite struct RandomImageLayersTests {
  static var layers: [any Layer] {
    [
      RandomFlip(), RandomRotation(0.2), RandomZoom(0.3), RandomTranslation(0.3, 0.3), RandomCrop(4, 3), RandomContrast(0.5),
      RandomBrightness(0.5),
    ]
  }
  private static let images: [[Float]] = {
    var random = Random(4)
    let image = (0..<6 * 5 * 2).map { _ in random.float(20, 200) }
    return Array(repeating: image, count: 12)
  }()

  @Test(arguments: layers.indices) func theSameSeedGivesTheSameBits(index: Int) throws {
    let layer = Self.layers[index]
    let first = try augmented(layer, Self.images, [6, 5, 2])
    for (workers, chunk) in [(1, 1), (2, 3), (3, nil)] as [(Int, Int?)] {
      #expect(try augmented(layer, Self.images, [6, 5, 2], workers: workers, chunk: chunk) == first)
    }
    // Samples differ, steps differ, layers differ.
    #expect(Set(first).count > (layer is RandomFlip ? 2 : 5))
    #expect(try augmented(layer, Self.images, [6, 5, 2], number: 1) != first)
    #expect(try augmented(layer, Self.images, [6, 5, 2], name: "other") != first)
  }

  @Test(arguments: layers.indices) func inferenceLeavesImagesAsTheyAre(index: Int) throws {
    let layer = Self.layers[index], calm = try augmented(layer, Self.images, [6, 5, 2], mode: .inference)
    let expected = layer is RandomCrop ? try augmented(CenterCrop(4, 3), Self.images, [6, 5, 2]) : Self.images
    #expect(calm == expected)
  }
}
