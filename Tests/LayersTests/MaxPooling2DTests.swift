import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct MaxPooling2DTests {
  @Test func contract() {
    checkLayer(MaxPooling2D(), input: [4, 5, 3], output: [2, 2, 3])
    checkLayer(MaxPooling2D(poolSize: [3, 2], strides: [2, 1], padding: .same), input: [5, 4, 2], output: [3, 4, 2])
  }

  @Test func refusals() {
    checkRefusal(MaxPooling2D(), of: [4, 4], saying: "[height, width, channels]", "received samples of shape [4, 4]")
    checkRefusal(MaxPooling2D(poolSize: 5), of: [4, 4, 1], saying: "height 5", "height 4")
    checkRefusal(MaxPooling2D(poolSize: 0), of: [4, 4, 1], saying: "poolSize must be positive", "[0, 0]")
    checkRefusal(MaxPooling2D(strides: [1, 0]), of: [4, 4, 1], saying: "strides must be positive", "[1, 0]")
  }
}
