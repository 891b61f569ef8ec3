import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct RescalingTests {
  @Test func contract() {
    checkLayer(Rescaling(0.5), input: [2, 3], output: [2, 3])
    checkLayer(Rescaling(2, offset: -1), input: [4], output: [4])
  }
}
