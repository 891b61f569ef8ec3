import DeepSwift
import Testing

@Suite struct CanvasTests {
  /// The brightness of each pixel of a line.
  private func row(_ y: Int, of canvas: Canvas) -> [UInt8] {
    (0..<canvas.width).map { canvas.pixels.rgb[(y * canvas.width + $0) * 3] }
  }

  @Test func edgesAreBlendedByWhatIsCovered() {
    var canvas = Canvas(width: 6, height: 3, scale: 1)
    canvas.draw(.rectangle(x: 1, y: 0, width: 2.5, height: 3, fill: .init(0x000000)))
    #expect(row(1, of: canvas) == [255, 0, 0, 128, 255, 255])
  }

  @Test func aLineHasItsWidth() {
    var canvas = Canvas(width: 9, height: 5, scale: 1)
    canvas.draw(.line([.init(-9, 2.5), .init(20, 2.5)], color: .init(0x000000), width: 2))
    #expect((0..<5).map { row($0, of: canvas)[4] } == [255, 128, 0, 128, 255])
  }

  @Test func whereALineCrossesItselfItIsNoDarker() {
    var once = Canvas(width: 9, height: 5, scale: 1)
    once.draw(.line([.init(-9, 2.5), .init(20, 2.5)], color: .init(0x000000), width: 2))
    var twice = Canvas(width: 9, height: 5, scale: 1)
    twice.draw(.line([.init(-9, 2.5), .init(20, 2.5), .init(-9, 2.5)], color: .init(0x000000), width: 2))
    #expect(once.pixels == twice.pixels)
  }

  @Test func aCircleIsFilledAndARingIsNot() {
    var canvas = Canvas(width: 11, height: 11, scale: 1)
    canvas.draw(.circle(.init(5.5, 5.5), radius: 4, fill: nil, stroke: .init(0x000000), width: 1))
    #expect(row(5, of: canvas) == [255, 0, 255, 255, 255, 255, 255, 255, 255, 0, 255])
    canvas.draw(.circle(.init(5.5, 5.5), radius: 2, fill: .init(0x404040), stroke: .init(0x404040), width: 1))
    #expect(row(5, of: canvas)[5] == 0x40)
  }

  @Test func dashesLeaveGaps() {
    var canvas = Canvas(width: 12, height: 3, scale: 1)
    canvas.draw(.line([.init(0, 1.5), .init(12, 1.5)], color: .init(0x000000), width: 1, dashes: [3, 3]))
    let line = row(1, of: canvas)
    #expect(line[1] == 0 && line[7] == 0)
    #expect(line[4] == 255 && line[10] == 255)
  }

  @Test func whatLiesOutsideIsLeftOut() {
    var canvas = Canvas(width: 4, height: 4, scale: 2)
    canvas.draw(.circle(.init(-50, 90), radius: 3, fill: .white, stroke: .init(0), width: 1))
    canvas.draw(.text("far away", at: .init(1000, -1000), .init()))
    #expect(canvas.pixels.rgb.allSatisfy { $0 == 255 })
  }

  @Test func textIsDrawnWhereItsAnchorSays() {
    func inkedColumns(_ anchor: Drawing.Anchor) -> [Int] {
      var canvas = Canvas(width: 60, height: 20, scale: 1)
      canvas.draw(.text("III", at: .init(30, 15), .init(anchor: anchor)))
      return (0..<60).filter { x in (0..<20).contains { canvas.pixels.rgb[($0 * 60 + x) * 3] < 128 } }
    }
    #expect(inkedColumns(.start).allSatisfy { $0 >= 29 })
    #expect(inkedColumns(.end).allSatisfy { $0 <= 30 })
    #expect(!inkedColumns(.middle).isEmpty)
  }
}
