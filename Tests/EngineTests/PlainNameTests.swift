import DeepSwift
@testable import DeepSwiftEngine
import Testing

@Suite struct PlainNameTests {
  private struct Hidden: Codable {}

  @Test func plainNamesFindTypes() {
    #expect(PlainName("DeepSwiftLayers")?.type(PlainName("Dense")!) == Dense.self)
    #expect(PlainName("DeepSwiftTraining")?.type(PlainName("Sequential")!) == Sequential.self)
    #expect(PlainName("DeepSwiftLayers")?.type(PlainName("Nothing")!) == nil)
  }

  @Test func otherNamesAreNone() {
    for text in ["", "a b", "1a", "a.b", "\u{1}abcd", "é", "$s", String(repeating: "a", count: 129)] {
      #expect(PlainName(text) == nil)
    }
  }

  @Test func mangledNamesOfPlainTypesAreRead() {
    for type in [Dense.self, Sequential.self, GlorotUniform.self, Float.self, PlainNameTests.self] as [Any.Type] {
      #expect(_mangledTypeName(type).flatMap(plainType) == type)
    }
    let generic: [Any.Type] = [[Int].self, Int?.self, Dictionary<Int, [Int]>.self, (Int, Int).self, Hidden.self]
    for type in generic { #expect(_mangledTypeName(type).flatMap(plainType) == nil) }
    for name in [
      "", "\u{1}\u{2}\u{3}\u{4}\u{5}", "99999999999999999999aV", "5Dense", "V", "1a2bV", "0V", "9a", "1aV1bVVVVVVVVVV",
    ] {
      #expect(plainType(mangled: name) == nil)
    }
  }
}
