import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct UpSampling2DTests {
  @Test func contract() {
    checkLayer(UpSampling2D(), input: [2, 3, 2], output: [4, 6, 2])
    checkLayer(UpSampling2D(size: [3, 2], interpolation: .bilinear), input: [2, 3, 2], output: [6, 6, 2])
  }

  @Test func refusals() {
    checkRefusal(UpSampling2D(), of: [4, 4], saying: "[height, width, channels]", "[4, 4]")
    checkRefusal(UpSampling2D(size: 0), of: [4, 4, 1], saying: "size must be positive")
  }
}
