import DeepSwift
import Foundation
import Testing

@Suite struct DrawingTests {
  @Test func svgIsWrittenMarkByMark() {
    var drawing = Drawing(width: 100, height: 50.5, title: "a < b & \"c\"\u{1}")
    drawing.add(.rectangle(x: 1, y: 2, width: 3, height: 4.25, fill: .init(0x0072B2)))
    drawing.add(.line([.init(0, 1), .init(2.5, 1.0 / 3)], color: .init(0xD55E00), width: 2, dashes: [5, 3.5]))
    drawing.add(.circle(.init(5, 6), radius: 2, fill: nil, stroke: .init(0x222222), width: 1.5))
    drawing.add(.text("x > y", at: .init(7, 8), .init(size: 14, bold: true, anchor: .end)))
    #expect(
      drawing.svg() == """
        <svg xmlns="http://www.w3.org/2000/svg" width="100" height="50.5" viewBox="0 0 100 50.5" role="img" \
        font-family="Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif">
        <title>a &lt; b &amp; &quot;c&quot; </title>
        <rect width="100" height="50.5" fill="#FFFFFF"/>
        <rect x="1" y="2" width="3" height="4.25" fill="#0072B2"/>
        <polyline points="0,1 2.5,0.33" fill="none" stroke-linejoin="round" stroke-linecap="round" \
        stroke="#D55E00" stroke-width="2" stroke-dasharray="5 3.5"/>
        <circle cx="5" cy="6" r="2" fill="none" stroke="#222222" stroke-width="1.5"/>
        <text x="7" y="8" font-size="14" fill="#222222" font-weight="bold" text-anchor="end">x &gt; y</text>
        </svg>

        """)
  }

  @Test func pngHasTwoPixelsAUnit() throws {
    var drawing = Drawing(width: 20, height: 10, title: "")
    drawing.add(.rectangle(x: 5, y: 5, width: 10, height: 5, fill: .init(0x102030)))
    let picture = try PNGReader(drawing.png())
    #expect(picture.width == 40)
    #expect(picture.height == 20)
    #expect(picture.pixel(20, 15) == [0x10, 0x20, 0x30])
    #expect(picture.pixel(10, 10) == [0x10, 0x20, 0x30])
    #expect(picture.pixel(9, 10) == [255, 255, 255])
    #expect(picture.pixel(30, 19) == [255, 255, 255])
  }
}
