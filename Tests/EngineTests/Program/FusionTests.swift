@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct FusionTests {
  /// The ops of `y` after fusion, inputs first.
  private func ops(_ y: Node) -> [String] {
    Node.sorted([Fusion([y])[y]]).filter { !$0.op.isSource || $0.op is InputOp }.map { "\(type(of: $0.op))" }
  }

  private func weight(_ shape: Shape, _ seed: UInt64 = 1) -> Node {
    var random = Random(seed)
    return Node(Tensor((0..<shape.count).map { _ in random.float() }, shape: shape))
  }

  private func expectSame(_ y: Node, of x: Node, sourceLocation: SourceLocation = #_sourceLocation) throws {
    var random = Random(4)
    let rows = (0..<5).map { _ in (0..<x.shape.count).map { _ in random.float() } }
    for mode in [Mode.inference, .training] {
      let fused = try run(y, of: x, rows, mode: mode), plain = try run(y, of: x, rows, mode: mode, isFusing: false)
      expectClose(fused, plain, tolerance: 1e-6, sourceLocation: sourceLocation)
    }
    let fused = try gradient(of: square(y), toward: x, rows),
      plain = try gradient(of: square(y), toward: x, rows, isFusing: false)
    expectClose(fused, plain, tolerance: 2e-6, sourceLocation: sourceLocation)
  }

  @Test func scalingHappensWhileReading() throws {
    let x = Input(shape: [4]), y = (2 * x).matmul(weight([4, 3]))
    #expect(ops(y) == ["InputOp", "DenseProductOp"])
    try expectSame(y, of: x)
    // Only once, and only where nobody else wants the data as they are.
    #expect(ops((x * 2 + 1) * 3) == ["InputOp", "AffineOp", "AffineOp"])
    #expect(ops(x * 2 + x) == ["InputOp", "AffineOp", "BinaryOp"])
  }

  @Test(arguments: [3, 20]) func denseProductBiasRectifier(outputs: Int) throws {
    let x = Input(shape: [4]), y = relu(x.matmul(weight([4, outputs])) + weight([outputs], 2))
    #expect(ops(y) == ["InputOp", "DenseProductOp"])
    let op = try #require(Fusion([y])[y].op as? DenseProductOp)
    #expect(op.hasBias && op.rectifies)
    try expectSame(y, of: x)
    try expectSame(relu(weight([outputs], 2) + x.matmul(weight([4, outputs]))), of: x)
  }

  @Test func convolutionBiasRectifier() throws {
    let x = Input(shape: [6, 6, 3])
    let y = relu(x.convolved(weight([3, 3, 3, 8])) + weight([8], 2))
    #expect(ops(y) == ["InputOp", "ConvolutionOp"])
    try expectSame(y, of: x)
    let z = relu(x.depthwiseConvolved(weight([3, 3, 3, 2])) + weight([6], 2))
    #expect(ops(z) == ["InputOp", "DepthwiseConvolutionOp"])
    try expectSame(z, of: x)
  }

  @Test func sumsAndNormsAreRectified() throws {
    let x = Input(shape: [4, 3]), ones = Node(Tensor.ones([3])), zeros = Node(Tensor.zeros([3]))
    let sum = relu(x + tanh(x))
    #expect(ops(sum) == ["InputOp", "UnaryOp", "BinaryOp"])
    try expectSame(sum, of: x)
    let norm = relu(
      x.batchNormalized(
        gamma: ones, beta: zeros, movingMean: zeros, movingVariance: ones, momentum: 0.9, epsilon: 0.1, isFrozen: false))
    #expect(ops(norm) == ["InputOp", "BatchNormalizationOp"])
    try expectSame(norm, of: x)
  }

  @Test func whatIsNormalizedIsAddedToSomething() throws {
    let x = Input(shape: [4, 3]), ones = Node(Tensor.ones([3])), zeros = Node(Tensor.zeros([3]))
    func normalized(_ x: Node) -> Node {
      x.batchNormalized(
        gamma: weight([3], 5), beta: weight([3], 6), movingMean: zeros, movingVariance: ones, momentum: 0.9, epsilon: 0.1,
        isFrozen: false)
    }
    for sum in [x + normalized(tanh(x)), normalized(tanh(x)) + x] {
      #expect(ops(relu(sum)) == ["InputOp", "UnaryOp", "BatchNormalizationOp"])
      try expectSame(relu(sum), of: x)
      try expectSame(sum, of: x)
    }
    let block = relu(normalized(relu(normalized(x))) + relu(normalized(x)))
    #expect(!ops(block).contains("BinaryOp"))
    try expectSame(block, of: x)
    // Two blocks: what is added has other consumers, or is rectified and has none.
    let next = relu(block + normalized(tanh(block)))
    try expectSame(next, of: x)
    try expectSame(relu(normalized(tanh(x)) + relu(x)), of: x)
    try expectSame(normalized(x) + normalized(tanh(x)), of: x)
    // Not where shapes differ, or where the rectifier comes first, or somebody else needs the normalized value.
    #expect(ops(normalized(x) + weight([3])).contains("BinaryOp"))
    #expect(ops(relu(normalized(x)) + x).contains("BinaryOp"))
    let shared = normalized(x)
    #expect(ops((shared + x) * shared) == ["InputOp", "BatchNormalizationOp", "BinaryOp", "BinaryOp"])
    try expectSame((shared + x) * shared, of: x)
  }

  /// In inference the statistics are weights like others, and vanish in those of the product before them.
  @Test func normalizationGoesIntoTheWeightsBeforeIt() throws {
    func normalized(_ y: Node) -> Node {
      let channels = y.shape.last
      func positive(_ seed: UInt64) -> Node { 0.3 + abs(weight([channels], seed)) }
      return y.batchNormalized(
        gamma: weight([channels], 5), beta: weight([channels], 6), movingMean: weight([channels], 7),
        movingVariance: positive(8), momentum: 0.9, epsilon: 1e-3, isFrozen: false)
    }
    func inferred(_ y: Node) -> [String] {
      let kept = Node.sorted([Fusion([y], mode: .inference)[y]]).filter(\.isPerSample)
      return kept.map { "\(type(of: $0.op))" }
    }
    let image = Input(shape: [6, 6, 3]), row = Input(shape: [4])
    let convolved = image.convolved(weight([3, 3, 3, 8])), bias = weight([8], 2)
    for (x, y, op) in [
      (image, normalized(convolved), "ConvolutionOp"), (image, relu(normalized(convolved + bias)), "ConvolutionOp"),
      (image, normalized(image.depthwiseConvolved(weight([3, 3, 3, 2])) + weight([6], 3)), "DepthwiseConvolutionOp"),
      (row, relu(normalized(row.matmul(weight([4, 20])))), "DenseProductOp"),
    ] {
      #expect(inferred(y) == ["InputOp", op])
      var random = Random(4)
      let rows = (0..<5).map { _ in (0..<x.shape.count).map { _ in random.float() } }
      let folded = try run(y, of: x, rows), plain = try run(y, of: x, rows, isFusing: false)
      // Where terms cancel, what is left shows their rounding.
      let largest = plain.map(\.magnitude).max() ?? 0
      #expect(zip(folded, plain).allSatisfy { ($0 - $1).magnitude <= 2e-6 * largest }, "\(op)")
    }
    // Not where something stands between, or somebody else wants the product.
    #expect(inferred(normalized(relu(convolved))) == ["InputOp", "ConvolutionOp", "BatchNormalizationOp"])
    #expect(inferred(normalized(convolved) + convolved).contains("BatchNormalizationOp"))
    #expect(ops(normalized(convolved)).contains("BatchNormalizationOp"))
  }

  @Test func whatOthersNeedIsLeftAlone() throws {
    let x = Input(shape: [4]), product = x.matmul(weight([4, 3])), sum = product + weight([3], 2)
    #expect(ops(relu(sum) + product).filter { $0 == "UnaryOp" }.isEmpty)
    #expect(ops(relu(sum) * sum) == ["InputOp", "DenseProductOp", "UnaryOp", "BinaryOp"])
    #expect(ops(relu(relu(sum))) == ["InputOp", "DenseProductOp", "UnaryOp"])
    // An output is needed, too.
    let fusion = Fusion([relu(sum), sum])
    #expect((fusion[sum].op as? DenseProductOp)?.hasBias == true)
    #expect((fusion[sum].op as? DenseProductOp)?.rectifies == false)
    try expectSame(relu(sum) * sum + product, of: x)
  }

  @Test func onlyOneNumberForEachColumnIsABias() throws {
    let x = Input(shape: [4]), product = x.matmul(weight([4, 3]))
    #expect(ops(product + Node(2)) == ["InputOp", "DenseProductOp", "BinaryOp"])
    #expect(ops(product + x.sum()).contains("BinaryOp"))
    #expect(ops(product + weight([2, 3])).contains("BinaryOp"))
    #expect(ops(product - weight([3])).contains("BinaryOp"))
    #expect(ops(relu(product) + weight([3])) == ["InputOp", "DenseProductOp", "BinaryOp"])
    try expectSame(relu(product) + weight([3]), of: x)
  }
}
