import TestSupport
import Testing

@testable import DeepSwiftEngine

@Suite struct AttentionOpTests {
  @Test(arguments: [(1, 1, 1, 1, 1), (3, 5, 1, 4, 2), (5, 3, 2, 3, 5), (2, 18, 1, 17, 3), (17, 2, 3, 1, 17)])
  func gradientsOfAnySize(queries: Int, keys: Int, heads: Int, size: Int, valueSize: Int) {
    for isCausal in [false, true] {
      checkGradients(
        Numbers([queries, heads * size]), Numbers([keys, heads * size]), Numbers([keys, heads * valueSize]), rows: [1, 4]
      ) { x, _ in attention(query: x[0], key: x[1], value: x[2], heads: heads, isCausal: isCausal) }
    }
  }

  @Test func ofASequenceToItself() {
    checkGradients(Numbers([4, 6])) { x, _ in
      let y = relu(x[0])
      return attention(query: y, key: y, value: y, heads: 2, scale: 2)
    }
  }

  @Test func masks() {
    let mask = Node(Tensor([1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 1], shape: [4, 3]))
    checkGradients(Numbers([4, 2]), Numbers([3, 2])) { x, _ in attention(query: x[0], key: x[1], value: x[1], mask: mask) }
    checkGradients(Numbers([3, 2]), .whole(below: 2, [3, 3])) { x, _ in
      // Each query sees itself, so that there is always something to see.
      attention(
        query: x[0], key: x[0], value: x[0], mask: maximum(x[1], Node(Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3]))),
        isCausal: true)
    }
  }

  @Test func whoSeesNothingGetsZeros() throws {
    let x = Input(shape: [2, 2]), mask = Node(Tensor([0, 0, 0, 1], shape: [2, 2]))
    let y = attention(query: x, key: x, value: x, mask: mask)
    #expect(try run(y, of: x, [[1, 2, 3, 4]]) == [0, 0, 3, 4])
  }

  /// Large scores neither overflow nor lose the others.
  @Test func largeScores() throws {
    let x = Input(shape: [2, 1]), y = attention(query: x, key: x, value: x, scale: 1)
    #expect(try run(y, of: x, [[300, 1]]) == [300, 300])
  }

  /// The queries of a single sequence are shared out, and every number stays the one that it has among other rows.
  @Test(arguments: [1, 2, 3, 7]) func oneSequenceIsSharedOut(workers: Int) throws {
    var random = Random(17)
    func outputs(_ y: Node, of x: Node, _ row: [Float], capacity: Int) throws -> (values: [Float], isShared: Bool) {
      var settings = ProgramSettings()
      (settings.mode, settings.capacity, settings.workers) = (.inference, capacity, workers)
      let program = try Program(inputs: [x], outputs: [y], settings: settings)
      program.spoil()
      program.run(on: Samples([row], [x.shape], rows: 1))
      return (program.outputs(0, rows: 1, of: y), program.description.contains("shared\n    attention"))
    }
    func weight(_ shape: Shape) -> Node { Node(Tensor((0..<shape.count).map { _ in random.float() }, shape: shape)) }
    for (queries, keys, isMasked, isCausal) in [
      (60, 90, false, false), (61, 83, true, false), (3, 2000, false, false), (90, 90, true, true), (4, 6, false, false),
    ] {
      let x = Input(shape: [queries, 160]), own = x.mean()
      let key = weight([keys, 160]) + own, value = weight([keys, 132]) + own
      let mask = isMasked ? Node(Tensor((0..<queries * keys).map { Float(($0 + 1) % 3) }, shape: [queries, keys])) : nil
      let y = attention(query: x, key: key, value: value, heads: 4, mask: mask, isCausal: isCausal)
      let row = (0..<x.shape.count).map { _ in random.float() }
      let alone = try outputs(y, of: x, row, capacity: 1), among = try outputs(y, of: x, row, capacity: 4)
      #expect(alone.values == among.values, "seed 17: \(queries) queries, \(keys) keys")
      #expect(!among.isShared && alone.isShared == (workers > 1 && keys > 6 && !isCausal))
    }
  }

  @Test func dropsProbabilities() throws {
    let x = Input(shape: [20, 1]), ones = Input(shape: [20, 3])
    let none = attention(query: x, key: x, value: ones, dropout: 1, dropoutKey: 1)
    let half = attention(query: x, key: x, value: ones, dropout: 0.5, dropoutKey: 1)
    func values(_ y: Node, _ mode: Mode) throws -> [Float] {
      var settings = ProgramSettings()
      settings.mode = mode
      let program = try Program(inputs: [x, ones], outputs: [y], settings: settings)
      let samples = Samples([Array(repeating: 0, count: 40), Array(repeating: 1, count: 120)], [[20, 1], [20, 3]], rows: 2)
      program.spoil()
      program.run(on: samples)
      return program.outputs(0, rows: 2, of: y)
    }
    #expect(try values(none, .training).allSatisfy { $0 == 0 })
    #expect(try values(half, .inference).allSatisfy { abs($0 - 1) < 1e-6 })
    // Each of twenty equal probabilities counts double or not at all.
    let sums = try values(half, .training)
    #expect(sums.allSatisfy { abs(($0 * 10).rounded() - $0 * 10) < 1e-4 && (0...2).contains($0) })
    #expect(Set(sums).count > 4 && abs(sums.reduce(0, +) / Float(sums.count) - 1) < 0.15)
    #expect(stride(from: 0, to: 120, by: 3).allSatisfy { sums[$0] == sums[$0 + 1] }, "a query's probabilities drop once")
  }

  /// The gradient goes through the same elements that were kept: dy/dv is the matrix that was used.
  @Test func gradientsOfWhatWasKept() throws {
    let q = Input(shape: [4, 2]), trace = Trace()
    let weights = Weights(Scope(name: "test", title: "test"), trace, isTrainable: true)
    let v = weights("v", [6, 3], .zeros), own = q.mean() * 0
    let value = v + own, key = Node(Tensor.random(uniform: -1...1, shape: [6, 2], seed: 1)) + own
    let y = attention(query: q, key: key, value: value, dropout: 0.5, dropoutKey: 3)
    let store = ParameterStore(trace.parameters, seed: 1)
    var settings = ProgramSettings()
    settings.mode = .training
    let program = try Program(inputs: [q], outputs: [y], losses: [LossTerm((y * y).sum())], settings: settings)
    trace.parameters[0].tensor = Tensor.random(uniform: -1...1, shape: [6, 3], seed: 2)
    let samples = Samples([[0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, -0.8]], [[4, 2]], rows: 1)
    program.run(on: samples)
    // y is linear in v, so Σ v dL/dv = Σ y dL/dy = 2 Σ y².
    let energy = program.outputs(0, rows: 1, of: y).reduce(0) { $0 + 2 * $1 * $1 }
    let along = zip(trace.parameters[0].tensor.floats, program.gradients).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(energy > 0.1 && abs(energy - along) < 1e-4 * energy)
    withExtendedLifetime(store) {}
  }

  @Test func refusals() {
    let x = Input(shape: [3, 4]), y = Input(shape: [2, 4])
    expectFault(attention(query: x, key: y, value: x), "[2, 4]", "[3, 4]")
    expectFault(attention(query: x, key: x, value: x, heads: 3), "multiples of 3")
    expectFault(attention(query: x, key: y, value: y, mask: x), "[3, 4]", "[3, 2]")
    expectFault(attention(query: x, key: x, value: x, dropout: 2), "between 0 and 1")
    expectFault(attention(query: Node(Tensor.zeros([3, 4])), key: x, value: x), "all of one kind")
  }
}
