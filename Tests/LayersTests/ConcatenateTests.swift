import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct ConcatenateTests {
  @Test func contract() {
    checkLayer(Concatenate(), inputs: [[2, 3], [2, 1], [2, 2]], output: [2, 6])
    checkLayer(Concatenate(axis: 1), inputs: [[2, 3], [1, 3]], output: [3, 3])
    checkLayer(Concatenate(axis: -2), inputs: [[2, 3], [1, 3]], output: [3, 3])
  }

  @Test func refusals() {
    checkRefusal(Concatenate(axis: 0), of: [3], [3], saying: "axis 0 is the batch")
    checkRefusal(Concatenate(), of: [2, 3], [3, 3], saying: "[2, 3]", "[3, 3]")
  }
}
