@testable import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct SharedTests {
  @Test func contract() {
    checkLayer(Shared(Dense(3)), input: [4], output: [3], weights: ["kernel", "bias"])
    checkLayer(Shared(Add(name: "sum")), inputs: [[4], [4]], output: [4])
  }

  @Test func usesShareWeights() {
    let tower = Shared(Dense(2)), scope = Scope(name: "tower", title: "tower"), trace = Trace()
    let weights = Weights(scope, trace, isTrainable: true)
    let outputs = [Input(shape: [3]), Input(shape: [3])].map { tower.output(for: [$0], weights) }
    #expect(trace.parameters.count == 2)
    #expect(outputs.allSatisfy { $0.error == nil })
    expectFault(tower.output(for: [Input(shape: [5])], weights), "tower", "[3, 2]", "[5, 2]")
  }
}
