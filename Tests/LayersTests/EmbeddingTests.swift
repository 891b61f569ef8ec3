import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct EmbeddingTests {
  @Test func contract() {
    checkLayer(Embedding(6, 4), input: .whole(below: 6, [3]), output: [3, 4], weights: ["embeddings"])
    checkLayer(
      Embedding(6, 4, embeddingsRegularizer: .l2), input: .whole(below: 6), output: [4], weights: ["embeddings"])
  }

  @Test func refusals() { checkRefusal(Embedding(0, 4), of: [3], saying: "length 0") }
}
