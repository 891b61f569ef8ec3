import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct MultiplyTests {
  @Test func contract() {
    checkLayer(Multiply(), inputs: [[2, 3], [2, 3]], output: [2, 3])
    checkLayer(Multiply(name: "three"), inputs: [[2, 3], [3], [2, 1]], output: [2, 3])
  }

  @Test func refusals() {
    checkRefusal(Multiply(), of: [2, 3], saying: "at least two inputs", "received 1")
    checkRefusal(Multiply(), of: [2, 3], [4], saying: "[2, 3]", "[4]")
  }
}
