@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct UpdateTests {
  /// Two weights, whose gradients are given, after one step of plain descent with rate 1 from zero: minus the gradients that
  /// were used.
  private func step(_ gradients: [[Float]], clipping: Clipping?, decay: Float = 0, first: Float = 0) throws -> [[Float]] {
    let trace = Trace(), weights = Weights(Scope(name: "s", title: "s"), trace, isTrainable: true), x = Input(shape: [])
    let terms = gradients.enumerated().map { index, values in
      (weights("w\(index)", [values.count], .zeros) * Node(Tensor(values))).sum()
    }
    let store = ParameterStore(trace.parameters, seed: 1)
    for parameter in trace.parameters { parameter.tensor = Tensor(Array(repeating: first, count: parameter.count)) }
    var settings = ProgramSettings()
    settings.capacity = 1
    let program = try Program(
      inputs: [x], outputs: [], losses: [LossTerm(terms.dropFirst().reduce(terms[0], +) * x)], settings: settings
    ) { plan, trained in
      let state = OptimizerState(trained.map(\.parameter), slotCount: 0)
      plan.update(trained, state, clipping: clipping, decay: decay) { $0.descend(momentum: 0, nesterov: false) }
    }
    program.spoil()
    program.run(on: Samples([[1]], [[]], rows: 1), learningRate: 1)
    return withExtendedLifetime(store) { trace.parameters.map(\.tensor.floats) }
  }

  @Test func gradientsAreClipped() throws {
    let g: [[Float]] = [[3, -4], [0, 12, 0.5]]
    #expect(try step(g, clipping: nil) == [[-3, 4], [0, -12, -0.5]])
    #expect(try step(g, clipping: .value(1)) == [[-1, 1], [0, -1, -0.5]])
    let norms = try step([[3, -4], [0, 0.5]], clipping: .norm(1))
    expectClose(norms[0], [-0.6, 0.8] as [Float])
    #expect(norms[1] == [0, -0.5])
    let all = try step([[3, -4], [0, 12]], clipping: .globalNorm(1.3))
    expectClose(all[0] + all[1], [-0.3, 0.4, 0, -1.2] as [Float])
    #expect(try step(g, clipping: .globalNorm(100)) == [[-3, 4], [0, -12, -0.5]])
  }

  @Test func weightsDecay() throws {
    #expect(try step([[1, 0]], clipping: nil, decay: 0.25, first: 2) == [[0.5, 1.5]])
  }

  @Test func longWeightsAreCutIntoParts() throws {
    var random = Random(1)
    let g = (0..<1001).map { _ in random.float() }
    #expect(try step([g], clipping: nil) == [g.map { -$0 }])
  }

  @Test func statesKnowTheirSlots() {
    let parameters = [3, 40].map {
      Parameter("p\($0)", path: "p\($0)", shape: [$0], initializer: .zeros, regularizer: nil, isTrainable: true)
    }
    let state = OptimizerState(parameters, slotCount: 2)
    #expect(state.count == 32 + 64)
    state.slots[state.count + 32] = 7
    #expect(state.slot(1, of: 1)[0] == 7 && state.slot(0, of: 1).count == 40)
  }
}
