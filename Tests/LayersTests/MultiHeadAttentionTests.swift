import DeepSwift
import TestSupport
import Testing

@Suite struct MultiHeadAttentionTests {
  private let names = ["query", "key", "value", "attention_output"].flatMap { ["\($0)/kernel", "\($0)/bias"] }

  @Test func contract() {
    checkLayer(MultiHeadAttention(numHeads: 2, keyDim: 3), inputs: [[4, 5], [2, 6]], output: [4, 5], weights: names)
    checkLayer(
      MultiHeadAttention(
        numHeads: 3, keyDim: 2, valueDim: 1, outputShape: [2, 3], kernelRegularizer: .l2, activityRegularizer: .l2),
      inputs: [[2, 4], [3, 2], [3, 5]], output: [2, 2, 3], weights: names)
    checkLayer(
      MultiHeadAttention(numHeads: 1, keyDim: 2, dropout: 0.5, useBias: false), inputs: [[2, 3], [4, 3]], output: [2, 3],
      weights: names.filter { $0.hasSuffix("kernel") }, trains: false)
  }

  @Test func masks() {
    var causal = MultiHeadAttention(numHeads: 2, keyDim: 2)
    causal.useCausalMask = true
    checkLayer(causal, inputs: [[3, 4], [3, 2]], output: [3, 4], weights: names)
    let x = Input(shape: [3, 4]), mask = Input(shape: [3]), layer = MultiHeadAttention(numHeads: 2, keyDim: 2)
    #expect(layer(x, x, attentionMask: mask, useCausalMask: true).shape == [3, 4])
    #expect(layer(x, x, x, attentionMask: mask).error == nil)
    expectFault(layer(x, x, attentionMask: Input(shape: [2])), "[2]", "[3, 3]")
  }

  @Test func paddingIsNotSeen() throws {
    let x = Input(shape: [4, 3]), mask = Input(shape: [4])
    let model = Model(
      inputs: [x, mask], outputs: MultiHeadAttention(numHeads: 2, keyDim: 3)(x, x, attentionMask: mask))
    let data = Tensor.random(uniform: -1...1, shape: [1, 4, 3], seed: 1)
    let seen: Tensor = [[1.0, 1.0, 0.0, 1.0]], before = try model.predict([data, seen])[0][0..<1, 0..<2]
    var numbers = data.floats
    numbers[2 * 3 + 1] = 99
    #expect(try model.predict([Tensor(numbers, shape: data.shape), seen])[0][0..<1, 0..<2] == before)
  }

  /// As Keras does it, a kernel of three axes is spread like the matrix that it is.
  @Test func startsAsAMatrix() throws {
    let x = Input(shape: [2, 128]), model = Model(inputs: x, outputs: MultiHeadAttention(numHeads: 4, keyDim: 32)(x, x))
    let limit = Float(6.0 / 256).squareRoot()
    for name in model.weights.names where name.hasSuffix("kernel") {
      let most = try model.weights[name].floats.map(abs).max()!
      #expect(most <= limit && most > 0.99 * limit, "\(name)")
    }
    #expect(try model.weights["multi_head_attention/query/kernel"].shape == [128, 4, 32])
    #expect(try model.weights["multi_head_attention/attention_output/kernel"].shape == [4, 32, 128])
    #expect(model.parameterCount == 4 * 128 * 128 + 4 * 128)
  }

  @Test func refusals() {
    let x = Input(shape: [3, 4]), layer = MultiHeadAttention(numHeads: 2, keyDim: 2)
    checkRefusal(layer, of: [3, 4], saying: "query and value")
    expectFault(layer(x, Input(shape: [4])), "[steps, features]", "[4]")
    expectFault(layer(x, x, Input(shape: [2, 4])), "3 values and 2 keys")
    expectFault(MultiHeadAttention(numHeads: 0, keyDim: 2)(x, x), "at least 1")
    expectFault(MultiHeadAttention(numHeads: 1, keyDim: 2, dropout: -1)(x, x), "between 0 and 1")
  }
}
