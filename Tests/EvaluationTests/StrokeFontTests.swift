import DeepSwift
import Testing

@Suite struct StrokeFontTests {
  private let font = StrokeFont.plain

  private func paths(_ text: String) -> [[Drawing.Point]] { font.paths(of: text, at: .init(0, 0), size: 19.6) }

  @Test func everyCharacterOfASCIIHasItsOwnShape() {
    let box = paths("😀")
    #expect(box.count == 1 && box[0].count == 5)
    var shapes: [[[Drawing.Point]]] = []
    for code in UInt8(33)...126 {
      let shape = paths(String(UnicodeScalar(code)))
      #expect(!shape.isEmpty && shape != box, "\(UnicodeScalar(code))")
      #expect(!shapes.contains(shape), "\(UnicodeScalar(code)) looks like another one")
      shapes.append(shape)
    }
    #expect(paths(" ") == [])
  }

  @Test func strokesStayWithinTheLine() {
    for code in UInt8(33)...126 {
      let text = String(UnicodeScalar(code))
      let width = font.width(of: text, size: 19.6)
      for point in paths(text).joined() {
        #expect((-16.1...4.1).contains(point.y), "\(text)")
        #expect((-0.7...width + 0.7).contains(point.x), "\(text)")
      }
    }
  }

  @Test func cornersAreRoundedToQuartersOfAnEllipse() {
    // The right upper quarter of `O`: the axes are 5.5 and 7.
    for point in paths("O")[0].prefix(9) {
      let (x, y) = ((point.x - 5.5) / 5.5, (-point.y - 7) / 7)
      #expect(abs(x * x + y * y - 1) < 1e-9)
    }
  }

  @Test func widthsAddUp() {
    #expect(font.width(of: "", size: 12) == 0)
    #expect(font.width(of: "00", size: 19.6) == 8 + 3.1 + 8)
    #expect(font.width(of: "0", size: 39.2) == 16)
    #expect(font.width(of: "00", size: 19.6, bold: true) > font.width(of: "00", size: 19.6))
  }

  @Test func otherScriptsAreSpelled() {
    #expect(paths("für Élan, Øl") == paths("fur Elan, Ol"))
    #expect(paths("“a” – b…") == paths("\"a\" - b..."))
    #expect(paths("Привет") == paths("Privet"))
    #expect(paths("中文") == paths("zhong wen"))
  }

  @Test func longTextsEndInDots() {
    let style = Drawing.TextStyle(size: 12)
    #expect(font.shortened("cat", style, to: 100) == "cat")
    let short = font.shortened("a very long name of a class", style, to: 60)
    #expect(short.hasPrefix("a v") && short.hasSuffix("...") && font.width(of: short, size: 12) <= 60)
    #expect(font.shortened("abc", style, to: 0) == "...")
  }
}
