@testable import DeepSwiftEngine
import Foundation
import TestSupport
import Testing

@Suite struct ActivationFunctionTests {
  private static let names = ActivationFunction.named.keys.sorted()

  @Test(arguments: names) func gradients(name: String) throws {
    let function = try #require(ActivationFunction.named[name])
    checkGradients(Numbers([2, 5], from: -3, to: 3)) { x, _ in function(x[0]) }
    checkGradients([4], parameters: [[4, 5], [5]]) { x, w in function(2 * (x[0].matmul(w[0]) + w[1])) }
  }

  @Test(arguments: names) func throughJSON(name: String) throws {
    let function = try #require(ActivationFunction.named[name])
    let copy = try JSONDecoder().decode(ActivationFunction.self, from: JSONEncoder().encode(function))
    #expect(copy.name == name)
    #expect(copy.parameters == function.parameters)
    let x = Input(shape: [3])
    #expect(try run(copy(x), of: x, [[-1.5, 0.2, 3]]) == run(function(x), of: x, [[-1.5, 0.2, 3]]))
  }

  @Test func parametersAreKept() throws {
    for (function, parameter) in [
      (ActivationFunction.leakyRelu(negativeSlope: 0.3), "negative_slope"), (.elu(alpha: 0.3), "alpha"),
      (.celu(alpha: 0.3), "alpha"), (.softShrink(threshold: 0.3), "threshold"), (.hardShrink(threshold: 0.3), "threshold"),
    ] {
      let copy = try JSONDecoder().decode(ActivationFunction.self, from: JSONEncoder().encode(function))
      #expect(copy.parameters == [parameter: 0.3])
      let x = Input(shape: [2])
      #expect(try run(copy(x), of: x, [[-0.4, 2]]) == run(function(x), of: x, [[-0.4, 2]]))
    }
  }

  @Test func aFunctionOfOnesOwnIsNotStored() {
    #expect { try JSONEncoder().encode(ActivationFunction("double") { 2 * $0 }) } throws: { "\($0)".contains("\"double\"") }
    #expect { try JSONDecoder().decode(ActivationFunction.self, from: Data(#"{"name": "double"}"#.utf8)) } throws: {
      "\($0)".contains("no activation function is called \\\"double\\\"") || "\($0)".contains("\"double\"")
    }
  }
}
