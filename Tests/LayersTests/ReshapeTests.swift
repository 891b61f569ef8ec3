import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct ReshapeTests {
  @Test func contract() {
    checkLayer(Reshape([3, 2]), input: [6], output: [3, 2])
    checkLayer(Reshape([-1, 2]), input: [2, 3, 2], output: [6, 2])
  }

  @Test func refusals() { checkRefusal(Reshape([4]), of: [6], saying: "6 elements of shape [6]", "[4], which holds 4") }
}
