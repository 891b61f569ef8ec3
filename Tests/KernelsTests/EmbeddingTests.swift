import DeepSwiftKernels
import Testing

@Suite(.watchedMemory) struct EmbeddingTests {
  @Test(arguments: instructionSets) func rowsOfATable(set: String) {
    let k = kernels(set)
    var random = Random(16)
    for width in [1, 5, 16, 19, 64] {
      let vocabulary = 7, numbers = random.floats(vocabulary * width), table = Floats(numbers)
      let indices: [Float] = [0, 6, 3, 3, 7, -1, .nan, 1e30, 5, 3], index = Floats(indices),
        y = Floats.empty(10 * width)
      k.embedding(10, vocabulary, width, index.p, table.p, y.p)
      #expect(
        y.values
          == indices.flatMap { i in
            (0..<width).map { (0..<7).contains(i) ? numbers[Int(i) * width + $0] : 0 }
          })
      let gradients = random.floats(10 * width), dy = Floats(gradients), dtable = Floats.empty(vocabulary * width)
      k.embedding_backward(10, width, index.p, dy.p, dtable.p, 0, 4)
      k.embedding_backward(10, width, index.p, dy.p, dtable.p, 4, 7)
      var expected = [Double](repeating: 0, count: vocabulary * width)
      for (n, i) in indices.enumerated() where (0..<7).contains(i) {
        for w in 0..<width { expected[Int(i) * width + w] += Double(gradients[n * width + w]) }
      }
      expectClose(dtable.values, expected)
    }
  }
}
