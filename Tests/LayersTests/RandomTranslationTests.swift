import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct RandomTranslationTests {
  @Test func contract() {
    checkLayer(RandomTranslation(0.3, 0.2), input: [4, 5, 2], output: [4, 5, 2])
    checkLayer(RandomTranslation(0, [0.1, 0.4], fillMode: .nearest, seed: 3), input: [4, 4, 1], output: [4, 4, 1])
  }

  @Test func positiveFactorsMoveDownAndToTheRight() throws {
    let layer = RandomTranslation([0.5, 0.5], [0.25, 0.25], fillMode: .constant, fillValue: 9)
    expectClose(try augmented(layer, [[1, 2, 3, 4, 5, 6, 7, 8]], [2, 4, 1])[0], [9, 9, 9, 9, 9, 1, 2, 3] as [Double])
  }

  @Test func refusals() {
    checkRefusal(RandomTranslation(0.1, 0.1), of: [4], saying: "images")
    checkRefusal(RandomTranslation(2, 0.1), of: [4, 4, 1], saying: "heightFactor", "2.0")
  }
}
