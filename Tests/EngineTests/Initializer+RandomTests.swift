import DeepSwift
import Foundation
import Testing

/// Mean, deviation and greatest size of 100 000 values.
func statistics(_ initializer: some Initializer, _ shape: Shape = [100_000]) -> (
  mean: Float, deviation: Float, most: Float
) {
  let values = Tensor(initializer.values(shape: shape, random: RandomSource(seed: 1)))
  return (values.mean(), values.standardDeviation(), abs(values).max())
}

@Suite struct RandomInitializerTests {
  @Test func normal() {
    let (mean, deviation, most) = statistics(RandomNormal(mean: 1, standardDeviation: 0.5))
    #expect(abs(mean - 1) < 0.01)
    #expect(abs(deviation - 0.5) < 0.01)
    #expect(most > 2.5)
  }

  @Test func truncatedNormal() {
    let (mean, deviation, most) = statistics(TruncatedNormal())
    #expect(abs(mean) < 0.001)
    #expect(abs(deviation - 0.05 * 0.8796) < 0.001)
    #expect(most <= 0.1 && most > 0.0995)
  }

  @Test func uniform() {
    let (mean, deviation, most) = statistics(RandomUniform())
    #expect(abs(mean) < 0.001)
    #expect(abs(deviation - 0.1 / Float(12).squareRoot()) < 0.001)
    #expect(most <= 0.05 && most > 0.0499)
  }

  @Test func settingsSurviveCoding() throws {
    let coded = try JSONEncoder().encode(TruncatedNormal(mean: 1, standardDeviation: 2, seed: 3))
    let back = try JSONDecoder().decode(TruncatedNormal.self, from: coded)
    #expect(back.mean == 1 && back.standardDeviation == 2 && back.seed == 3)
  }
}
