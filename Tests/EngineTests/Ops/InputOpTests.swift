@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct InputOpTests {
  private func run(_ y: Node, _ x: Node, _ data: Tensor, order: [Int]) throws -> [Float] {
    var settings = ProgramSettings()
    (settings.mode, settings.capacity, settings.workers) = (.inference, 8, 2)
    let program = try Program(inputs: [x], outputs: [y], settings: settings)
    let samples = Samples([data], order: order)
    program.spoil()
    program.run(on: samples)
    return program.outputs(0, rows: order.count, of: y)
  }

  @Test func samplesInTheOrderOfTheBatch() throws {
    let x = Input(shape: [2]), data = Tensor([0, 1, 10, 11, 20, 21, 30, 31] as [Float], shape: [4, 2])
    #expect(try run(x, x, data, order: [3, 0, 3, 1]) == [30, 31, 0, 1, 30, 31, 10, 11])
    #expect(try run(x, x, data, order: [2]) == [20, 21])
  }

  @Test func wholeNumbersAreConvertedAndScaled() throws {
    let x = Input(shape: [2])
    #expect(try run(x * 2 - 1, x, Tensor([0, 255, 7, 100] as [UInt8], shape: [2, 2]), order: [1, 0]) == [13, 199, -1, 509])
    #expect(try run(x * 0.5, x, Tensor([-4, 1 << 20, 7, 100] as [Int32], shape: [2, 2]), order: [0]) == [-2, 524_288])
  }

  @Test func gradientsGoThroughTheScale() {
    checkGradients([3], parameters: [[3, 2]]) { x, w in (x[0] * 3 + 1).matmul(w[0]) }
    checkGradients([3], parameters: [[3, 2]]) { x, w in (x[0] * 3 + 1).matmul(w[0]) + x[0].sum() }
  }

  @Test func severalInputs() { checkGradients([3], [2, 3], []) { x, _ in x[0] * x[1] + x[2] } }

  @Test func axesOfNoLength() { expectFault(Input(shape: [3, 0]), "[3, 0]", "length 0", "without the batch") }
}
