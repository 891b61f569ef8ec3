import DeepSwift
import Foundation
import Testing

@Suite struct InitializerTests {
  let random = RandomSource(seed: 7, key: "dense/kernel")

  @Test func fixedValues() {
    #expect(Zeros().values(shape: [2, 2], random: random) == [0, 0, 0, 0])
    #expect(Ones().values(shape: [3], random: random) == [1, 1, 1])
    #expect(Constant(2.5).values(shape: [2], random: random) == [2.5, 2.5])
    #expect(IdentityInitializer(gain: 3).values(shape: [2, 3], random: random) == [3, 0, 0, 0, 3, 0])
    #expect(IdentityInitializer().values(shape: [3, 2], random: random) == [1, 0, 0, 1, 0, 0])
  }

  @Test func aSeedOfItsOwnComesFirst() {
    let other = RandomSource(seed: 8)
    #expect(HeNormal(seed: 1).values(shape: [4], random: random) == HeNormal(seed: 1).values(shape: [4], random: other))
    #expect(HeNormal().values(shape: [4], random: random) == HeNormal().values(shape: [4], random: random))
    #expect(HeNormal().values(shape: [4], random: random) != HeNormal().values(shape: [4], random: other))
    #expect(
      Orthogonal(seed: 1).values(shape: [3, 3], random: random)
        == Orthogonal(seed: 1).values(shape: [3, 3], random: other))
  }

  @Test func dotsMakeInitializers() {
    let all: [any Initializer] = [
      .zeros, .ones, .constant(1), .identity, .randomNormal, .randomNormal(standardDeviation: 1), .truncatedNormal,
      .randomUniform, .randomUniform(minimum: 0, maximum: 1, seed: 1), .varianceScaling(scale: 2), .glorotUniform,
      .glorotNormal, .heUniform, .heNormal, .lecunUniform, .lecunNormal, .heNormal(seed: 1), .orthogonal,
      .orthogonal(gain: 2),
    ]
    for initializer in all { #expect(initializer.values(shape: [3, 4], random: random).count == 12) }
  }
}
