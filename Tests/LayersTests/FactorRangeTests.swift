import DeepSwiftLayers
import Foundation
import Testing

@Suite struct FactorRangeTests {
  @Test func oneNumberOrTwo() {
    #expect(0.2 as FactorRange == FactorRange(-0.2, 0.2))
    #expect(FactorRange(-0.2) == 0.2)
    #expect([0.3, -0.1] as FactorRange == FactorRange(-0.1, 0.3))
    #expect(1 as FactorRange == FactorRange(-1, 1))
  }

  /// As Keras writes them: a number, or a list of two.
  @Test func files() throws {
    func read(_ text: String) throws -> FactorRange { try JSONDecoder().decode(FactorRange.self, from: Data(text.utf8)) }
    #expect(try read("0.25") == 0.25)
    #expect(try read("[-0.25, 0.5]") == [-0.25, 0.5])
    #expect(try JSONEncoder().encode([-0.25, 0.5] as FactorRange) == Data("[-0.25,0.5]".utf8))
    for text in ["[1]", "[1, 2, 3]", "\"much\"", "null"] { #expect(throws: DecodingError.self) { try read(text) } }
  }
}
