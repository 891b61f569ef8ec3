@testable import DeepSwiftEngine
import Foundation
import MallocCount
import TestSupport
import Testing

@Suite struct ProgramTests {
  @Test func neitherWorkersNorChunksChangeABit() {
    let expected = SmallNet(workers: 1).trained(steps: 20)
    #expect(expected.allSatisfy { $0.isFinite })
    for workers in 1...4 {
      for chunk in [1, 2, 5, nil] {
        expectSameBits(
          SmallNet(workers: workers, chunk: chunk).trained(steps: 20), expected,
          "\(workers) workers, \(chunk.map(String.init) ?? "all") rows at a time")
      }
    }
  }

  @Test(arguments: [Clipping.value(0.01), .norm(0.1), .globalNorm(0.1)]) func clippedStepsAreTheSameToo(clipping: Clipping) {
    let expected = SmallNet(workers: 1, clipping: clipping).trained(steps: 5)
    #expect(expected != SmallNet(workers: 1).trained(steps: 5))
    for workers in 2...4 {
      expectSameBits(SmallNet(workers: workers, clipping: clipping).trained(steps: 5), expected, "\(workers) workers")
    }
  }

  @Test func shardsAndFusionChangeTheRoundingOnly() {
    let expected = SmallNet().trained(steps: 1)
    expectClose(SmallNet(shards: 1).trained(steps: 1), expected, tolerance: 1e-5)
    expectClose(SmallNet(shards: 5).trained(steps: 1), expected, tolerance: 1e-5)
    expectClose(SmallNet(isFusing: false).trained(steps: 1), expected, tolerance: 1e-5)
  }

  /// Strides belong to the capacity, rows to the batch: the same program runs both.
  @Test(arguments: [1, 2, 7, 11]) func shortBatches(rows: Int) {
    let exact = SmallNet(capacity: rows, rows: [rows]).trained(steps: 3)
    // Eight shards or as many as there are rows, whichever is less: the same in both.
    expectSameBits(SmallNet(capacity: 12, rows: [rows]).trained(steps: 3), exact, "\(rows) of 12 rows")
    expectSameBits(SmallNet(workers: 3, capacity: 100, rows: [rows]).trained(steps: 3), exact, "\(rows) of 100 rows")
  }

  @Test func batchesOfDifferentLength() {
    let expected = SmallNet(workers: 1, rows: [12, 12, 5, 1]).trained(steps: 9)
    expectSameBits(SmallNet(workers: 3, chunk: 2, rows: [12, 12, 5, 1]).trained(steps: 9), expected, "mixed")
  }

  @Test(arguments: 1...4) func aStepAllocatesNothing(workers: Int) {
    let net = SmallNet(workers: workers, clipping: .globalNorm(1))
    for _ in 0..<3 { net.step() }
    let before = malloc_count()
    for _ in 0..<50 { net.step() }
    let calls = malloc_count() - before
    // Without the optimizer, closures and generics take memory that they do not take in a release.
    #if !DEBUG
      #expect(calls == 0)
    #else
      _ = calls
    #endif
  }

  /// Memory that the compiler must not optimize away.
  nonisolated(unsafe) private static var escaped: [Int] = []

  @Test func allocationsAreCounted() {
    let before = malloc_count()
    Self.escaped = Array(0..<3 + before % 5)
    #expect(malloc_count() > before)
  }

  /// Programs of several threads share one team of workers; who comes second does all the work alone.
  @Test func programsOfSeveralThreads() async {
    let expected = SmallNet(workers: 1).trained(steps: 40)
    await withTaskGroup(of: [Float].self) { group in
      for _ in 0..<4 { group.addTask { SmallNet(workers: 2).trained(steps: 40) } }
      for await weights in group { expectSameBits(weights, expected, "beside others") }
    }
  }

  @Test func lossesPenaltiesAndTheirWeights() throws {
    let trace = Trace(), x = Input(shape: [2])
    let w = Weights(Scope(name: "s", title: "s"), trace, isTrainable: true)("w", [2], Sevens(), regularizer: .l1(0.5))
    let store = ParameterStore(trace.parameters, seed: 1), y = x * w
    var settings = ProgramSettings()
    settings.capacity = 4
    let program = try Program(
      inputs: [x], outputs: [y], losses: [LossTerm(y, weight: 3), LossTerm(square(y).sum()), LossTerm(y)],
      penalties: trace.penalties, settings: settings)
    program.spoil()
    program.run(on: Samples([[1, 2, 3, 4]], [[2]], rows: 2))
    // w is 7.5; means of y over a sample, and sums of y².
    expectClose(Array(UnsafeBufferPointer(start: program.loss(0), count: 2)), [11.25, 26.25] as [Float])
    expectClose(Array(UnsafeBufferPointer(start: program.loss(1), count: 2)), [281.25, 1406.25] as [Float])
    #expect(program.penalty(0) == 7.5)
    // Per row: 4 x/2 from both means, 2 w x² from the squares; their mean over the rows, and the penalty's slope.
    let first: Float = (2 * 1 + 15 * 1 + 2 * 3 + 15 * 9) / 2 + 0.5
    let second: Float = (2 * 2 + 15 * 4 + 2 * 4 + 15 * 16) / 2 + 0.5
    expectClose(Array(program.gradients.prefix(2)), [first, second])
    withExtendedLifetime(store) {}
  }

  @Test func aLossThatNoWeightMoves() throws {
    let x = Input(shape: [2]), y = 2 * x
    let program = try Program(inputs: [x], outputs: [y], losses: [LossTerm(y)], settings: ProgramSettings())
    program.run(on: Samples([[1, 2]], [[2]], rows: 1))
    #expect(program.trained.isEmpty && program.outputs(0, rows: 1, of: y) == [2, 4])
  }

  /// What follows from weights alone is worked out again when a weight has changed, and only then.
  @Test func predictionsFollowTheWeights() throws {
    let trace = Trace(), x = Input(shape: [6, 6, 3])
    let weights = Weights(Scope(name: "s", title: "s"), trace, isTrainable: true)
    let y = x.convolved(weights("kernel", [3, 3, 3, 4], .ones)).batchNormalized(
      gamma: weights("gamma", [4], .ones), beta: weights("beta", [4], .zeros),
      movingMean: weights("mean", [4], .zeros, trainable: false),
      movingVariance: weights("variance", [4], .ones, trainable: false), momentum: 0.9, epsilon: 0, isFrozen: true)
    let store = ParameterStore(trace.parameters, seed: 1)
    var settings = ProgramSettings()
    settings.mode = .inference
    let program = try Program(inputs: [x], outputs: [y], settings: settings)
    let samples = Samples([Array(repeating: 1, count: 108)], [[6, 6, 3]], rows: 1)
    func first() -> Float {
      program.run(on: samples)
      return program.outputs(0, rows: 1, of: y)[0]
    }
    #expect([first(), first()] == [27, 27])
    trace.parameters[0].tensor = Tensor(Array(repeating: 2, count: 108), shape: [3, 3, 3, 4])
    expectClose([first(), first()], [54, 54] as [Float])
    let before = store.snapshot
    trace.parameters[2].tensor = Tensor(Array(repeating: 5, count: 4))
    expectClose([first()], [59] as [Float])
    store.snapshot = before
    expectClose([first()], [54] as [Float])
    program.spoil()
    expectClose([first()], [54] as [Float])
  }

  @Test func theDescriptionNamesSteps() {
    let text = SmallNet().program.description
    for word in ["gather", "conv", "max pool", "update", "rows at a time", "shared"] { #expect(text.contains(word)) }
  }

  @Test func sharesCoverEverything() {
    for total in 0...20 {
      for count in 1...9 {
        let shares = (0..<count).map { share(of: total, $0, of: count) }
        #expect(shares.flatMap { Array($0) } == Array(0..<total))
        if total >= count { #expect(shares.allSatisfy { !$0.isEmpty }) }
      }
    }
  }

  @Test func aProfileTimesEveryStep() throws {
    let x = Input(shape: [2])
    var settings = ProgramSettings()
    (settings.isProfiling, settings.capacity) = (true, 1)
    let program = try Program(inputs: [x], outputs: [tanh(x)], settings: settings)
    program.run(on: Samples([[1, 2]], [[2]], rows: 1))
    let times = program.timeTable(runs: 1).split(separator: "\n").filter { $0.contains("µs") }
    #expect(times.count == program.description.split(separator: "\n").filter { $0.hasPrefix("    ") }.count)
    #expect(times.contains { $0.hasSuffix("tanh") })
    let profile = try #require(program.profile)
    for phase in program.phases {
      let steps =
        switch phase {
        case .shared(let steps): steps
        case .byRows(let segments): segments.flatMap(\.steps)
        }
      for step in steps { #expect(profile.microseconds(step) > 0, "\(step.name)") }
    }
  }
}
