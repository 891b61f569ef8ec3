import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct RandomBrightnessTests {
  @Test func contract() {
    checkLayer(RandomBrightness(0.3, valueRange: -5...5), input: [4, 5, 2], output: [4, 5, 2])
    checkLayer(RandomBrightness([0, 0.4], valueRange: -5...5, seed: 3), input: [2, 2, 1], output: [2, 2, 1])
  }

  @Test func aPartOfTheRangeIsAdded() throws {
    let images = try augmented(RandomBrightness(0.2, valueRange: 0...10), Array(repeating: [5, 6], count: 500), [1, 2, 1])
    for image in images { expectClose([image[1] - image[0]], [1] as [Double], tolerance: 1e-4) }
    let deltas = images.map { $0[0] - 5 }
    #expect(deltas.allSatisfy { (-2.001...2.001).contains($0) } && deltas.min()! < -1.9 && deltas.max()! > 1.9)
  }

  @Test func valuesStayInTheirRange() throws {
    let images = try augmented(RandomBrightness(1), Array(repeating: [10, 245], count: 50), [1, 2, 1])
    #expect(images.joined().allSatisfy { (0...255).contains($0) })
  }

  @Test func refusals() {
    checkRefusal(RandomBrightness(0.1), of: [4], saying: "images")
    checkRefusal(RandomBrightness(1.5), of: [4, 4, 1], saying: "factor", "1.5")
  }
}
