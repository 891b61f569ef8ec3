import DeepSwift
import Testing

import DeepSwiftEngine

@Suite struct RandomSourceTests {
  @Test func numbersArePinned() {
    let random = RandomSource(seed: 7, key: "dense/kernel")
    #expect((0..<3).map { random.bits(at: $0) } == [8382276663718835187, 18416357580689284595, 2670744392261974092])
    #expect((0..<3).map { random.uniform(at: $0) } == [0.45440412, 0.9983527, 0.14478129])
    for (i, normal) in [-0.11454187, 2.9388325, -1.0590814].enumerated() {
      #expect(abs(random.normal(at: UInt64(i)) - Float(normal)) < 1e-6)
    }
    #expect(random.permutation(8) == [2, 1, 6, 4, 5, 7, 3, 0])
  }

  @Test func namesAndNumbersMakeIndependentSources() {
    let random = RandomSource(seed: 7)
    var seen: Set<UInt64> = []
    let sources =
      [random, RandomSource(seed: 8), random.keyed("a"), random.keyed("b"), random.keyed("a").keyed("b")]
      + [random.keyed("b").keyed("a"), random.keyed(0), random.keyed(1), random.keyed(0).keyed(1)]
      + [random.keyed(1).keyed(0)]
    for source in sources { for i in 0..<1000 { seen.insert(source.bits(at: UInt64(i))) } }
    #expect(seen.count == sources.count * 1000)
    #expect(RandomSource(seed: 7, key: "a") == random.keyed("a"))
  }

  @Test func bitsAreFair() {
    let random = RandomSource(seed: 1).keyed("bits")
    var ones = [Int](repeating: 0, count: 64)
    for i in 0..<10_000 {
      for bit in 0..<64 where random.bits(at: UInt64(i)) >> UInt64(bit) & 1 == 1 { ones[bit] += 1 }
    }
    for count in ones { #expect(abs(count - 5000) < 250) }
  }

  @Test func neighbouringSeedsAreNotCorrelated() {
    let n = 10_000
    let (a, b) = (RandomSource(seed: 1), RandomSource(seed: 2))
    let products = (0..<n).map { i in Double((a.uniform(at: UInt64(i)) - 0.5) * (b.uniform(at: UInt64(i)) - 0.5)) }
    #expect(abs(products.reduce(0, +) / Double(n)) < 4 / 12.0 / Double(n).squareRoot())
  }

  @Test func normalNumbersHaveTheirMoments() {
    let random = RandomSource(seed: 3)
    let values = (0..<100_000).map { Double(random.normal(at: $0)) }
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } } / 100_000
    }
    #expect(abs(moment(1)) < 0.01)
    #expect(abs(moment(2) - 1) < 0.02)
    #expect(abs(moment(3)) < 0.05)
    #expect(abs(moment(4) - 3) < 0.1)
  }

  // From Python's statistics.NormalDist().inv_cdf.
  @Test func quantilesOfTheNormalDistribution() {
    let known: [(Double, Double)] = [
      (1e-300, -37.0470962993612), (1e-12, -7.034483825301132), (0.001, -3.090232306167813),
      (0.025, -1.9599639845400538), (0.3, -0.5244005127080407), (0.5, 0), (0.9, 1.2815515655446008),
      (0.999999, 4.753424308817089),
    ]
    for (p, quantile) in known { #expect(abs(normalQuantile(p) - quantile) < 1e-12 * max(1, abs(quantile))) }
  }

  @Test func truncatedNumbersStayWithinTwo() {
    let random = RandomSource(seed: 4)
    let values = (0..<100_000).map { random.truncatedNormal(at: $0) }
    #expect(values.allSatisfy { abs($0) <= 2 })
    let variance = values.reduce(0.0) { $0 + Double($1) * Double($1) } / 100_000
    #expect(abs(variance.squareRoot() - 0.87962566) < 0.005)
  }

  @Test func aPermutationHoldsEachNumberOnce() {
    let order = RandomSource(seed: 5).permutation(1000)
    #expect(order.sorted() == Array(0..<1000))
    #expect(order != Array(0..<1000))
    #expect(RandomSource(seed: 5).permutation(0) == [])
    // Each number is equally likely to come first.
    let firsts = (0..<6000).map { RandomSource(seed: 5).keyed($0).permutation(3)[0] }
    for number: Int32 in 0..<3 { #expect(abs(firsts.count { $0 == number } - 2000) < 150) }
  }

  // In a process of its own: the seed is global, and other tests draw from it.
  @Test func theGlobalSeedMakesWhatFollowsReproducible() async {
    await #expect(processExitsWith: .success) {
      func draw() -> [Tensor] { (0..<3).map { _ in Tensor.random(uniform: 0...1, shape: [4]) } }
      let unseeded = draw()
      setRandomSeed(6)
      let first = draw()
      setRandomSeed(6)
      precondition(draw() == first)
      precondition(first[0] != first[1] && unseeded != first)
      setRandomSeed(7)
      precondition(draw() != first)
    }
  }
}
