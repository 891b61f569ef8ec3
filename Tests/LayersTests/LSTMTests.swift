import DeepSwift
import TestSupport
import Testing

@Suite struct LSTMTests {
  private let names = ["kernel", "recurrent_kernel", "bias"]

  @Test func contract() {
    checkLayer(LSTM(3), input: [4, 2], output: [3], weights: names)
    checkLayer(LSTM(2, returnSequences: true, goBackwards: true), input: [3, 2], output: [3, 2], weights: names)
    checkLayer(
      LSTM(2, useBias: false, kernelRegularizer: .l2, recurrentRegularizer: .l2, activityRegularizer: .l2), input: [3, 2],
      output: [2], weights: ["kernel", "recurrent_kernel"])
    checkLayer(LSTM(2, returnState: true), inputs: [[3, 2], [2], [2]], output: [2], weights: names)
    checkLayer(LSTM(2, dropout: 0.5, recurrentDropout: 0.5), input: [3, 2], output: [2], weights: names, trains: false)
  }

  @Test func anyFunctions() {
    checkLayer(
      LSTM(2, activation: .softsign, recurrentActivation: .hardSigmoid, returnSequences: true), input: [3, 2], output: [3, 2],
      weights: names)
    checkLayer(LSTM(2, activation: .sigmoid, goBackwards: true), inputs: [[3, 2], [2], [2]], output: [2], weights: names)
  }

  /// Both ways of computing agree: recurrent dropout goes step by step, and does nothing in inference.
  @Test func stepByStep() throws {
    let input = Input(shape: [5, 3])
    for goBackwards in [false, true] {
      let fast = LSTM(4, returnSequences: true, goBackwards: goBackwards, name: "lstm")
      var slow = fast
      slow.recurrentDropout = 0.3
      let one = Model(inputs: input, outputs: fast(input)), other = Model(inputs: input, outputs: slow(input))
      try other.setWeights(Dictionary(uniqueKeysWithValues: one.weights.names.map { ($0, try one.weights[$0]) }))
      let x = Tensor.random(uniform: -1...1, shape: [7, 5, 3], seed: 1)
      expectClose(try one.predict(x).floats, try other.predict(x).floats)
    }
  }

  @Test func forgetsLittleAtTheBeginning() throws {
    let model = Sequential {
      Input(shape: [2, 1])
      LSTM(2, unitForgetBias: false, returnSequences: true, name: "plain")
      LSTM(3)
    }
    #expect(try model.weights["plain/bias"].floats == Array(repeating: 0, count: 8))
    #expect(try model.weights["lstm/bias"].floats == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
  }

  @Test func givesItsStates() throws {
    let x = Input(shape: [4, 2])
    let layer = LSTM(3, returnSequences: true), all = layer.outputs(of: x)
    func named(_ name: String, _ node: Node) -> Node { Activation(.linear, name: name)(node) }
    let model = Model(inputs: x, outputs: [named("all", all.output), named("h", all.h), named("c", all.c)])
    let results = try model.predictByName(Tensor.random(uniform: -1...1, shape: [2, 4, 2], seed: 3))
    #expect(results.mapValues(\.shape) == ["all": [2, 4, 3], "h": [2, 3], "c": [2, 3]])
    let sequence = try #require(results["all"])
    #expect(sequence[0..<2, 3].floats == results["h"]?.floats)
    #expect(model.layers.map(\.name).filter { $0.hasPrefix("lstm") } == ["lstm"])

    // Whoever goes on from these states goes on where the layer stopped.
    let start = layer.outputs(of: x), rest = layer(x, initialState: [start.h, start.c])
    #expect(rest.shape == [4, 3])
  }

  @Test func refusals() {
    checkRefusal(LSTM(3), of: [4], saying: "[steps, features]")
    checkRefusal(LSTM(0), of: [4, 2], saying: "at least one unit")
    checkRefusal(LSTM(3, dropout: 1.5), of: [4, 2], saying: "between 0 and 1")
    let x = Input(shape: [4, 2]), h = Input(shape: [5])
    expectFault(LSTM(3)([x, h]), "2 inputs")
    expectFault(LSTM(3)([x, h, h]), "[3]", "[5]")
  }
}
