@testable import DeepSwiftEngine
import Foundation
import TestSupport
import Testing

@Suite struct PlannerTests {
  private let image = Input(shape: [6, 6, 3])

  private func weight(_ shape: Shape, _ seed: UInt64) -> Node {
    var random = Random(seed)
    return Node(Tensor((0..<shape.count).map { _ in random.float() }, shape: shape))
  }

  private func normalized(_ x: Node) -> Node {
    let channels = x.shape.last
    return x.batchNormalized(
      gamma: weight([channels], 5), beta: weight([channels], 6), movingMean: Node(Tensor.zeros([channels])),
      movingVariance: Node(Tensor.ones([channels])), momentum: 0.9, epsilon: 0.1, isFrozen: false)
  }

  private func convolved(_ x: Node, _ channels: Int = 3) -> Node {
    x.convolved(weight([3, 3, x.shape.last, channels], 7), padding: .same)
  }

  private func program(_ outputs: [Node], rows: Int = 5) throws -> Program {
    var settings = ProgramSettings()
    (settings.capacity, settings.keepsInputGradients) = (rows, true)
    let loss = LossTerm(square(outputs[0]).mean())
    return try Program(inputs: [image], outputs: Array(outputs.dropFirst()), losses: [loss], settings: settings)
  }

  private func repeats(_ outputs: Node...) throws -> Int {
    try program(outputs).description.components(separatedBy: "normalize again").count - 1
  }

  private func expectSameGradient(_ y: Node, sourceLocation: SourceLocation = #_sourceLocation) throws {
    var random = Random(4)
    let rows = (0..<5).map { _ in (0..<image.shape.count).map { _ in random.float() } }
    let fused = try gradient(of: square(y), toward: image, rows)
    let plain = try gradient(of: square(y), toward: image, rows, isFusing: false)
    expectClose(fused, plain, tolerance: 5e-6, sourceLocation: sourceLocation)
  }

  @Test func normalizedValuesAreComputedAgainWhereTheyAreNeeded() throws {
    let rectified = relu(normalized(convolved(image)))
    #expect(try repeats(tanh(convolved(rectified))) == 1, "for the mask of the convolution's gradient")
    #expect(try repeats(tanh(convolved(rectified)) * maxPooledAndBack(rectified)) == 1, "once for two who need it")
    #expect(try repeats(tanh(convolved(normalized(convolved(image))))) == 0, "nobody needs it without a rectifier")
    #expect(try repeats(convolved(normalized(convolved(image)) + image)) == 0)
    #expect(try repeats(normalized(convolved(image)) * image) == 1, "a factor of the other's gradient")
    #expect(try repeats(tanh(convolved(rectified)), rectified) == 0, "what is read after the step is kept")
    for y in [tanh(convolved(rectified)), tanh(convolved(rectified)) * maxPooledAndBack(rectified)] {
      try expectSameGradient(y)
    }
    try expectSameGradient(normalized(convolved(image)) * image)
  }

  private func maxPooledAndBack(_ x: Node) -> Node { x.maxPooled((2, 2)).upsampled((2, 2)) }

  /// Of residual blocks one after the other, every second sum can be computed again from the one before it.
  @Test func valuesAreComputedFromOthersThatWereKept() throws {
    var x = relu(normalized(convolved(image)))
    for _ in 0..<4 { x = relu(normalized(convolved(relu(normalized(convolved(x))))) + x) }
    let y = tanh(convolved(x))
    // Stem, four inner values, and two of four sums.
    #expect(try repeats(y) == 1 + 4 + 2)
    try expectSameGradient(y)
    #expect(try repeats(tanh(convolved(relu(normalized(relu(normalized(image))))))) == 1)
    try expectSameGradient(tanh(convolved(relu(normalized(relu(normalized(image)))))))
  }

  @Test func whatIsComputedAgainTakesNoMemory() throws {
    func floats(blocks: Int, rows: Int) throws -> Int {
      var x = convolved(image, 16)
      for _ in 0..<blocks { x = convolved(relu(normalized(x)), 16) }
      return try program([tanh(x)], rows: rows).memoryFloats
    }
    func ofRow(blocks: Int) throws -> Int { try (floats(blocks: blocks, rows: 40) - floats(blocks: blocks, rows: 8)) / 32 }
    // Of each row a block keeps what its convolution gave, and nothing else.
    #expect(try ofRow(blocks: 9) - ofRow(blocks: 5) == 4 * 6 * 6 * 16)
  }
}
