import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct AddTests {
  @Test func contract() {
    checkLayer(Add(), inputs: [[2, 3], [2, 3]], output: [2, 3])
    checkLayer(Add(name: "three"), inputs: [[2, 3], [3], [2, 1]], output: [2, 3])
  }

  @Test func refusals() {
    checkRefusal(Add(), of: [2, 3], saying: "at least two inputs", "received 1")
    checkRefusal(Add(), of: [2, 3], [4], saying: "[2, 3]", "[4]")
  }
}
