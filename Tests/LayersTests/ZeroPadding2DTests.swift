import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct ZeroPadding2DTests {
  @Test func contract() {
    checkLayer(ZeroPadding2D(), input: [2, 3, 2], output: [4, 5, 2])
    checkLayer(ZeroPadding2D([1, 2]), input: [2, 3, 2], output: [4, 7, 2])
    checkLayer(ZeroPadding2D(top: 0, bottom: 2, left: 1, right: 0), input: [2, 3, 2], output: [4, 4, 2])
  }

  @Test func refusals() {
    checkRefusal(ZeroPadding2D(), of: [4, 4], saying: "[height, width, channels]", "[4, 4]")
    checkRefusal(ZeroPadding2D(top: -1, bottom: 0, left: 0, right: 0), of: [4, 4, 1], saying: "[-1, 0]")
  }
}
