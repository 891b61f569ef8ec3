import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct MinimumTests {
  @Test func contract() {
    checkLayer(Minimum(), inputs: [[2, 3], [2, 3]], output: [2, 3])
    checkLayer(Minimum(name: "three"), inputs: [[2, 3], [3], [2, 1]], output: [2, 3])
  }

  @Test func refusals() {
    checkRefusal(Minimum(), of: [2, 3], saying: "at least two inputs", "received 1")
    checkRefusal(Minimum(), of: [2, 3], [4], saying: "[2, 3]", "[4]")
  }
}
