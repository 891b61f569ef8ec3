import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct FlattenTests {
  @Test func contract() {
    checkLayer(Flatten(), input: [2, 3, 4], output: [24])
    checkLayer(Flatten(name: "flat"), input: [], output: [1])
  }
}
