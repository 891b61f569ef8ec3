import DeepSwift
import Foundation
import Testing

@Suite struct VarianceScalingTests {
  // A kernel of 3 × 3 × 20 inputs and 500 outputs: fanIn 180, fanOut 4500.
  let kernel: Shape = [3, 3, 20, 500]

  @Test func uniformLimits() {
    for (initializer, limit) in [
      (GlorotUniform() as any Initializer, Float(6.0 / 4680).squareRoot()), (HeUniform(), (6.0 / 180).squareRoot()),
      (LecunUniform(), (3.0 / 180).squareRoot()),
    ] {
      let (mean, deviation, most) = statistics(initializer, kernel)
      #expect(abs(mean) < limit * 0.01)
      #expect(most <= limit && most > limit * 0.999)
      #expect(abs(deviation * Float(3).squareRoot() / limit - 1) < 0.01)
    }
  }

  @Test func normalDeviations() {
    for (initializer, deviation) in [
      (GlorotNormal() as any Initializer, Float(2.0 / 4680).squareRoot()), (HeNormal(), (2.0 / 180).squareRoot()),
      (LecunNormal(), (1.0 / 180).squareRoot()),
    ] {
      let found = statistics(initializer, kernel)
      #expect(abs(found.deviation / deviation - 1) < 0.01)
      #expect(abs(found.most / deviation - 2 / 0.8796256) < 0.01, "cut at two deviations of what was cut")
    }
  }

  @Test func everyModeAndDistribution() {
    let scaled = VarianceScaling(scale: 4, mode: .fanOut, distribution: .untruncatedNormal)
    let found = statistics(scaled, kernel)
    #expect(abs(found.deviation / Float(4.0 / 4500).squareRoot() - 1) < 0.01)
    #expect(found.most > 3 * found.deviation)
    let vector = statistics(VarianceScaling(distribution: .uniform), [50_000])
    #expect(vector.most <= Float(3.0 / 50_000).squareRoot())
    // A rank of 0 has one connection.
    #expect(abs(LecunUniform().values(shape: [], random: RandomSource(seed: 1))[0]) <= Float(3).squareRoot())
  }

  @Test func valuesArePinned() {
    let values = GlorotUniform().values(shape: [2, 3], random: RandomSource(seed: 7, key: "dense/kernel"))
    let normal = HeNormal().values(shape: [2, 3], random: RandomSource(seed: 7, key: "dense/kernel"))
    let knownValues: [Float] = [-0.0998956, 1.0918362, -0.7782452, -0.6971922, -1.0823811, -1.0552536]
    let knownNormal: [Float] = [-0.124267496, 2.2415116, -1.126145, -0.9720846, -2.1647897, -1.986838]
    #expect(abs(Tensor(values) - Tensor(knownValues)).max() < 1e-6)
    #expect(abs(Tensor(normal) - Tensor(knownNormal)).max() < 1e-6)
  }

  @Test func settingsSurviveCoding() throws {
    let scaling = VarianceScaling(scale: 3, mode: .fanAverage, distribution: .uniform, seed: 9)
    let back = try JSONDecoder().decode(VarianceScaling.self, from: JSONEncoder().encode(scaling))
    #expect(back.scale == 3 && back.mode == .fanAverage && back.distribution == .uniform && back.seed == 9)
  }
}
