import DeepSwiftEngine
import DeepSwiftLayers
import Foundation
import TestSupport
import Testing

@Suite struct LambdaTests {
  @Test func contract() {
    checkLayer(Lambda { $0 * sigmoid($0) }, input: [2, 3], output: [2, 3], isCodable: false)
  }

  @Test func itCannotBeStored() {
    #expect { try JSONEncoder().encode(Lambda { $0 }) } throws: { "\($0)".contains("a Lambda holds a function") }
    #expect { try JSONDecoder().decode(Lambda.self, from: Data("{}".utf8)) } throws: {
      "\($0)".contains("a Lambda holds a function")
    }
  }
}
