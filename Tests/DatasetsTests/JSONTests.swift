@testable import DeepSwiftDatasets
import DeepSwiftEngine
import Testing

@Suite struct JSONTests {
  private func json(_ text: String) throws -> JSON { try JSON(text, place: "a.json") }

  @Test func pythonsTextsComeBackAsTheyWere() throws {
    for text in [
      #"{"b": [1, -2, 3.5, 1e-07, 1e+16, 0.0, null, true, false], "a": {}, "c": []}"#, #""\u00e9\ud83d\ude00\n\"\\""#,
      "[NaN, Infinity, -Infinity]", "12345678901234567", "1.2345e+17",
    ] { #expect(try json(text).text == text) }
  }

  @Test func keysKeepTheirOrderAndTheLastOfEqualOnesCounts() throws {
    let many = (0..<100).map { "\"k\($0)\": \($0)" }.joined(separator: ", ")
    let object = try #require(try json("{\(many), \"k7\": 70}").object)
    #expect(object.keys == (0..<100).map { "k\($0)" })
    #expect(object["k7"] == 70 && object["k99"] == 99 && object["k100"] == nil)
  }

  @Test func whatIsNoJSONIsRefused() {
    for text in [
      "", "{", "[1,]", "{\"a\" 1}", "01", "1.", "nul", "\"a", "\"\\x\"", "\"\\ud800\"", "[1] 2", "{'a': 1}", "\"\u{1}\"", "+1",
      ".5",
      String(repeating: "[", count: 100_000), String(repeating: "9", count: 100_000),
    ] {
      #expect { try json(text) } throws: { ($0 as? ModelError)?.message.contains("is not valid JSON") ?? false }
    }
    #expect(throws: ModelError.self) { try JSON([0x22, 0xff, 0x22], place: "a") }
  }
}
