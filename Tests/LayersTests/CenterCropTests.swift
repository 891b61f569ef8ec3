import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct CenterCropTests {
  @Test func contract() {
    checkLayer(CenterCrop(2, 3), input: [4, 6, 2], output: [2, 3, 2])
    checkLayer(CenterCrop(6, 3, name: "middle"), input: [4, 5, 2], output: [6, 3, 2])
  }

  @Test func theMiddleIsLeft() throws {
    let image = (0..<20).map(Float.init)
    #expect(try augmented(CenterCrop(2, 3), [image], [4, 5, 1]) == [[6, 7, 8, 11, 12, 13]])
  }

  @Test func refusals() {
    checkRefusal(CenterCrop(2, 2), of: [4], saying: "images")
    checkRefusal(CenterCrop(2, -1), of: [4, 4, 1], saying: "positive", "[2, -1]")
  }
}
