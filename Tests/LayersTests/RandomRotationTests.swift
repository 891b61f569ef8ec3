import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct RandomRotationTests {
  @Test func contract() {
    checkLayer(RandomRotation(0.3), input: [4, 5, 2], output: [4, 5, 2])
    checkLayer(RandomRotation([0.1, 0.2], fillMode: .constant, seed: 3, fillValue: 0.5), input: [4, 4, 1], output: [4, 4, 1])
  }

  /// A quarter of a turn is exact.
  @Test func turnsCounterClockwise() throws {
    let quarter = RandomRotation([0.25, 0.25], interpolation: .nearest)
    let turned = try augmented(quarter, [[1, 2, 3, 4, 5, 6, 7, 8, 9]], [3, 3, 1])[0]
    #expect(turned == [3, 6, 9, 2, 5, 8, 1, 4, 7])
  }

  @Test func refusals() {
    checkRefusal(RandomRotation(0.1), of: [4], saying: "images")
    checkRefusal(RandomRotation(1.5), of: [4, 4, 1], saying: "factor", "1.5")
    checkRefusal(RandomRotation([0.1, 0.2, 0.3]), of: [4, 4, 1], saying: "factor")
  }
}
