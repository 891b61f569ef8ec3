@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct WeightsTests {
  private let scope = Scope(name: "dense", title: "dense (Dense)")

  @Test func aWeightIsMadeOnceAndFoundAgain() {
    let trace = Trace(), weights = Weights(scope, trace, isTrainable: true)
    let kernel = weights("kernel", [2, 3], .zeros), again = weights("kernel", [2, 3], .ones)
    #expect(kernel === again)
    #expect(scope.parameters.map(\.path) == ["dense/kernel"])
    #expect(trace.parameters.count == 1)

    // Another walk makes another node of the same weight.
    let later = Weights(scope, Trace(), isTrainable: true)("kernel", [2, 3], .zeros)
    #expect(later !== kernel)
    #expect((later.op as? ParameterOp)?.parameter === (kernel.op as? ParameterOp)?.parameter)
  }

  @Test func anotherShapeIsRefused() {
    let weights = Weights(scope, Trace(), isTrainable: true)
    _ = weights("kernel", [2, 3], .zeros)
    expectFault(weights("kernel", [4, 3], .zeros), "dense (Dense)", "\"kernel\"", "[2, 3]", "[4, 3]")
    expectFault(weights("bias", [-1], .zeros), "\"bias\"", "-1")
    #expect(scope.parameters.count == 1)
  }

  @Test func parametersCanBeForgotten() {
    let weights = Weights(scope, Trace(), isTrainable: true)
    _ = (weights("a", [1], .zeros), weights("b", [1], .zeros), weights("c", [1], .zeros))
    scope.forgetParameters(after: 1)
    #expect(scope.parameters.map(\.name) == ["a"])
  }

  @Test func renamingReachesTheWeights() {
    _ = Weights(scope, Trace(), isTrainable: true)("kernel", [1], .zeros)
    scope.name = "head"
    #expect(scope.parameters[0].path == "head/kernel")
  }

  @Test func firstValuesFollowFromSeedAndName() {
    func values(_ path: String, _ others: [String], seed: UInt64) -> [Float] {
      let parameters = (others + [path]).map {
        Parameter($0, path: $0, shape: [4], initializer: .glorotUniform, regularizer: nil, isTrainable: true)
      }
      _ = ParameterStore(parameters, seed: seed)
      return parameters.last!.tensor.floats
    }
    let first = values("dense/kernel", [], seed: 1)
    #expect(first == values("dense/kernel", ["other/kernel"], seed: 1))
    #expect(first != values("dense/kernel", [], seed: 2))
    #expect(first != values("dense_1/kernel", [], seed: 1))
  }

  @Test func regularizersCountOncePerWeight() {
    let trace = Trace(), weights = Weights(scope, trace, isTrainable: true)
    _ = weights("kernel", [2], .ones, regularizer: .l2)
    _ = weights("kernel", [2], .ones, regularizer: .l2)
    #expect(trace.penalties.count == 1)
    let frozen = Trace()
    _ = Weights(scope, frozen, isTrainable: false)("kernel", [2], .ones, regularizer: .l2)
    #expect(frozen.penalties.isEmpty)
  }

  @Test func onlyTrainableWeightsAreTrained() throws {
    let trace = Trace(), weights = Weights(scope, trace, isTrainable: true), x = Input(shape: [2])
    let y =
      x * weights("a", [2], .ones) * weights("b", [2], .ones, trainable: false)
      + stopGradient(x * weights("c", [2], .ones))
    let frozen = Weights(Scope(name: "frozen", title: "frozen"), trace, isTrainable: false)("d", [2], .ones)
    let store = ParameterStore(trace.parameters, seed: 1)
    let program = try Program(
      inputs: [x], outputs: [], losses: [LossTerm(y * frozen)], settings: ProgramSettings())
    #expect(program.trained.map(\.parameter.name) == ["a"])
    #expect(store.parameters.map(\.name) == ["a", "c", "d", "b"])
  }

  @Test func snapshotsGoBackAndForth() {
    let parameter = Parameter("a", path: "a", shape: [3], initializer: .ones, regularizer: nil, isTrainable: true)
    let store = ParameterStore([parameter], seed: 1), before = store.snapshot
    parameter.tensor = Tensor([1, 2, 3] as [Float])
    #expect(store.snapshot != before)
    store.snapshot = before
    #expect(parameter.tensor.floats == [1, 1, 1])
  }
}
