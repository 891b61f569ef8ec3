@testable import DeepSwiftEngine
import Foundation
import Testing

/// An initializer of one's own, outside of the library.
struct Sevens: Initializer, Equatable {
  var extra: Float = 0.5
  func values(shape: Shape, random: RandomSource) -> [Float] { Array(repeating: 7 + extra, count: shape.count) }
}

@Suite struct CodedTests {
  private struct Settings: Codable {
    @Coded var initializer: any Initializer = .glorotUniform
    @Coded var regularizer: (any Regularizer)? = nil
  }

  private func copy(_ settings: Settings) throws -> Settings {
    try JSONDecoder().decode(Settings.self, from: JSONEncoder().encode(settings))
  }

  @Test func valuesGoThroughJSON() throws {
    let settings = try copy(Settings(initializer: Sevens(extra: 0.25), regularizer: .l1l2(l1: 0.5, l2: 0.125)))
    #expect(settings.initializer as? Sevens == Sevens(extra: 0.25))
    let regularizer = try #require(settings.regularizer as? L1L2)
    #expect(regularizer.l1 == 0.5 && regularizer.l2 == 0.125)
  }

  @Test func nothingStaysNothing() throws { #expect(try copy(Settings()).regularizer == nil) }

  @Test func whatIsMissingOrUnknownIsTold() {
    func fails(_ json: String, _ text: String) {
      #expect { try JSONDecoder().decode(Settings.self, from: Data(json.utf8)) } throws: { "\($0)".contains(text) }
    }
    fails(#"{"initializer": {}, "regularizer": {}}"#, "Initializer is missing")
    fails(#"{"initializer": {"type": "Nowhere", "settings": {}}, "regularizer": {}}"#, "not part of this program")
    // A type that exists, but serves another purpose.
    let int = _mangledTypeName(Int.self)!
    fails(#"{"initializer": {"type": "\#(int)", "settings": 3}, "regularizer": {}}"#, "is no ")
  }
}
