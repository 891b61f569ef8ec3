import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct SubtractTests {
  @Test func contract() { checkLayer(Subtract(), inputs: [[2, 3], [3]], output: [2, 3]) }

  @Test func refusals() {
    checkRefusal(Subtract(), of: [3], [3], [3], saying: "two inputs", "received 3")
    checkRefusal(Subtract(), of: [3], [4], saying: "[3]", "[4]")
  }
}
