import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct LayerNormalizationTests {
  @Test func contract() {
    checkLayer(LayerNormalization(), input: [5], output: [5], weights: ["gamma", "beta"])
    checkLayer(LayerNormalization(epsilon: 0.1), input: [3, 5], output: [3, 5], weights: ["gamma", "beta"])
    checkLayer(LayerNormalization(axes: [0]), input: [3, 5], output: [3, 5], weights: ["gamma", "beta"])
    checkLayer(LayerNormalization(axes: [-1, 0], scale: false), input: [3, 2, 5], output: [3, 2, 5], weights: ["beta"])
    checkLayer(LayerNormalization(center: false, scale: false), input: [3, 5], output: [3, 5])
  }

  @Test func refusals() {
    checkRefusal(LayerNormalization(axes: [2]), of: [3, 5], saying: "[2] are not different axes", "[3, 5]")
    checkRefusal(LayerNormalization(axes: [1, -1]), of: [3, 5], saying: "[1, -1]")
  }
}
