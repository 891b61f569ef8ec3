import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct GlobalMaxPooling2DTests {
  @Test func contract() {
    checkLayer(GlobalMaxPooling2D(), input: [4, 5, 3], output: [3])
    checkLayer(GlobalMaxPooling2D(keepDimensions: true), input: [4, 5, 3], output: [1, 1, 3])
  }

  @Test func refusals() {
    checkRefusal(GlobalMaxPooling2D(), of: [4], saying: "[height, width, channels]", "received samples of shape [4]")
  }
}
