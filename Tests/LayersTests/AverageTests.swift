import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct AverageTests {
  @Test func contract() {
    checkLayer(Average(), inputs: [[2, 3], [2, 3]], output: [2, 3])
    checkLayer(Average(name: "three"), inputs: [[2, 3], [3], [2, 1]], output: [2, 3])
  }

  @Test func refusals() {
    checkRefusal(Average(), of: [2, 3], saying: "at least two inputs", "received 1")
    checkRefusal(Average(), of: [2, 3], [4], saying: "[2, 3]", "[4]")
  }
}
