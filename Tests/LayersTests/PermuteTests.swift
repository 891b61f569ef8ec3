import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct PermuteTests {
  @Test func contract() {
    checkLayer(Permute([2, 1]), input: [2, 3], output: [3, 2])
    checkLayer(Permute([3, 1, 2]), input: [2, 3, 4], output: [4, 2, 3])
  }

  @Test func refusals() {
    checkRefusal(Permute([0, 1]), of: [2, 3], saying: "[0, 1]", "[2, 3]", "1...2")
    checkRefusal(Permute([1]), of: [2, 3], saying: "[1]")
    checkRefusal(Permute([1]), of: [], saying: "[1]")
  }
}
