import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct BatchNormalizationTests {
  private let names = ["gamma", "beta", "moving_mean", "moving_variance"]

  @Test func contract() {
    checkLayer(BatchNormalization(), input: [4], output: [4], weights: names)
    checkLayer(BatchNormalization(momentum: 0.5, epsilon: 0.1), input: [3, 2, 4], output: [3, 2, 4], weights: names)
  }

  @Test func withoutScaleOrCenter() {
    checkLayer(
      BatchNormalization(epsilon: 0.1, scale: false), input: [4], output: [4],
      weights: ["beta", "moving_mean", "moving_variance"])
    checkLayer(
      BatchNormalization(epsilon: 0.1, center: false, scale: false), input: [3, 4], output: [3, 4],
      weights: ["moving_mean", "moving_variance"])
  }

  @Test func refusals() { checkRefusal(BatchNormalization(), of: [], saying: "[]") }
}
