@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct PlacementTests {
  @Test(arguments: 0..<100 as Range<UInt64>) func piecesInUseTogetherNeverOverlap(seed: UInt64) {
    var random = Random(seed)
    let pieces = (0..<random.int(below: 30)).map { _ in
      let from = random.int(below: 12)
      return (from: from, through: from + random.int(below: 6), size: 32 * (1 + random.int(below: 9)))
    }
    let (offsets, total) = Placement.pack(pieces)
    for (i, a) in pieces.enumerated() {
      #expect(offsets[i] >= 0 && offsets[i] + a.size <= total)
      for (j, b) in pieces.enumerated().prefix(i) where a.from <= b.through && b.from <= a.through {
        #expect(offsets[i] + a.size <= offsets[j] || offsets[j] + b.size <= offsets[i])
      }
    }
    // No more than all beside each other, no less than the most that is in use at once.
    let most = (0..<20).map { time in pieces.filter { $0.from <= time && time <= $0.through }.reduce(0) { $0 + $1.size } }.max()!
    #expect(most <= total && total <= pieces.reduce(0) { $0 + $1.size })
  }

  @Test func whatFollowsUsesTheSameMemory() {
    #expect(Placement.pack([(0, 1, 64), (2, 3, 64), (4, 5, 32)]).total == 64)
    #expect(Placement.pack([(0, 1, 64), (1, 2, 64)]).total == 128)
    #expect(Placement.pack([]).total == 0)
  }

  @Test func inferenceKeepsNoActivations() throws {
    let x = Input(shape: [64])
    var y = x
    // Products with a cached kernel are meetings, so nothing hides in a worker's scratch.
    for _ in 0..<10 { y = tanh(y.matmul(Node(Tensor.ones([64, 64])))) }
    var settings = ProgramSettings()
    (settings.mode, settings.capacity, settings.workers) = (.inference, 512, 1)
    let program = try Program(inputs: [x], outputs: [y], settings: settings)
    // 21 values are computed, the constants besides.
    #expect(program.memoryFloats < 8 * 64 * 512 + 10 * 64 * 64)
  }

  @Test func sumsShareTheirMemory() throws {
    let trace = Trace(), w = Weights(Scope(name: "net", title: "net"), trace, isTrainable: true), x = Input(shape: [4, 4, 32])
    var y = x
    for layer in 0..<8 {
      // Statistics of the batch are a meeting before each convolution, so that the sums of one are done when the next begins.
      y = y.batchNormalized(
        gamma: Node(Tensor.ones([32])), beta: Node(Tensor.zeros([32])), movingMean: Node(Tensor.zeros([32])),
        movingVariance: Node(Tensor.ones([32])), momentum: 0.9, epsilon: 0.1, isFrozen: false)
      y = y.convolved(w("kernel_\(layer)", [3, 3, 32, 32], .glorotUniform), padding: .same)
    }
    let store = ParameterStore(trace.parameters, seed: 3)
    func floats(shards: Int) throws -> Int {
      var settings = ProgramSettings()
      (settings.capacity, settings.workers, settings.shards) = (8, 1, shards)
      return try Program(inputs: [x], outputs: [y], losses: [LossTerm(square(y).mean())], settings: settings).memoryFloats
    }
    try withExtendedLifetime(store) {
      let sums = try floats(shards: 8) - floats(shards: 1)
      // In a convolution's own numbers 36 for each pair of channels. Two of eight layers are at work at once.
      #expect(sums > 7 * 36 * 1024 && sums <= 7 * 3 * 36 * 1024, "\(sums)")
    }
  }
}
