@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct ModeOpTests {
  @Test(arguments: [true, false]) func eachModeHasItsOwn(isFusing: Bool) throws {
    let x = Input(shape: [2]), y = relu((x + 0).whileTraining(x * 10)) + 1
    #expect(try run(y, of: x, [[1, -2]], mode: .training, isFusing: isFusing) == [11, 1])
    #expect(try run(y, of: x, [[1, -2]], mode: .inference, isFusing: isFusing) == [2, 1])
  }

  @Test func gradientsAreThoseOfTraining() {
    checkGradients([3], parameters: [[3]]) { x, w in tanh((x[0] * w[0]).whileTraining(x[0] * x[0] * w[0])) }
    checkGradients([3]) { x, _ in x[0].whileTraining(square(x[0]).whileTraining(3 * x[0])) + x[0] }
  }

  @Test func whatIsNotNeededIsNotComputed() throws {
    let x = Input(shape: [2]), y = x.whileTraining(exp(x))
    #expect(ModeChoice([y], .inference)[y] === x)
    #expect(Node.sorted([ModeChoice([y + 1], .inference)[y + 1]]).allSatisfy { !($0.op is UnaryOp) })
    let plain = x + 1
    #expect(ModeChoice([plain], .training)[plain] === plain)
  }

  @Test func shapesMustAgree() {
    expectFault(Input(shape: [2]).whileTraining(Input(shape: [3])), "[3]", "[2]")
  }
}
