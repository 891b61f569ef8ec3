import Foundation

/// A font of lines, so that a picture has text wherever it is drawn. It has the characters of ASCII; what else can be spelled
/// with them is.
package struct StrokeFont: Sendable {
  private struct Glyph: Sendable {
    var width: Double
    var strokes: [[Drawing.Point]]
  }

  private let glyphs: [Character: Glyph]

  package static let plain = StrokeFont(outlines)

  /// Units per font size; capitals are 14 high, `x` is 10, and `p` goes down to -4.
  private static let unitsPerSize = 19.6
  private static let space = 3.1
  private static let boldSpace = 3.9

  private init(_ outlines: String) {
    var glyphs: [Character: Glyph] = [" ": Glyph(width: 2.6, strokes: [])]
    for line in outlines.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 2)
      guard let name = words[0].first, let width = Double(words[1]) else { continue }
      glyphs[name] = Glyph(width: width, strokes: words[2].split(separator: " / ").map(StrokeFont.stroke))
    }
    self.glyphs = glyphs
  }

  package func width(of text: String, size: Double, bold: Bool = false) -> Double {
    let space = bold ? StrokeFont.boldSpace : StrokeFont.space
    let units = folded(text).reduce(0) { $0 + glyph($1).width + space } - space
    return max(0, units) * size / StrokeFont.unitsPerSize
  }

  /// The strokes of a text whose baseline starts at `origin`.
  package func paths(
    of text: String, at origin: Drawing.Point, size: Double, bold: Bool = false
  ) -> [[Drawing.Point]] {
    let space = bold ? StrokeFont.boldSpace : StrokeFont.space
    let scale = size / StrokeFont.unitsPerSize
    var x = 0.0
    var paths: [[Drawing.Point]] = []
    for character in folded(text) {
      let glyph = glyph(character)
      for stroke in glyph.strokes {
        paths.append(stroke.map { Drawing.Point(origin.x + (x + $0.x) * scale, origin.y - $0.y * scale) })
      }
      x += glyph.width + space
    }
    return paths
  }

  /// A character that the font lacks is an empty box.
  private func glyph(_ character: Character) -> Glyph { glyphs[character] ?? StrokeFont.box }
  private static let box = Glyph(width: 7, strokes: [stroke("0,0 7,0 7,14 0,14 0,0")])

  private func folded(_ text: String) -> String {
    if text.allSatisfy(\.isASCII) { return text }
    // "für" becomes "fur", "Привет" "Privet", a dash of any length "-".
    let latin = text.applyingTransform(StringTransform("Any-Latin; Latin-ASCII"), reverse: false) ?? text
    return latin.folding(options: .diacriticInsensitive, locale: nil)
  }

  /// `x,y` is a point to draw a line to. `~x,y` is the corner of the box whose quarter of an ellipse leads to the next point.
  private static func stroke(_ text: some StringProtocol) -> [Drawing.Point] {
    var points: [Drawing.Point] = []
    var corner: Drawing.Point?
    for word in text.split(separator: " ") {
      let numbers = word.drop { $0 == "~" }.split(separator: ",").compactMap { Double($0) }
      let point = Drawing.Point(numbers[0], numbers[1])
      if word.hasPrefix("~") {
        corner = point
      } else if let middle = corner, let start = points.last {
        points += (1...8).map { step in
          let angle = Double(step) / 8 * Double.pi / 2
          let (toStart, toEnd) = (1 - sin(angle), 1 - cos(angle))
          return Drawing.Point(
            middle.x + (start.x - middle.x) * toStart + (point.x - middle.x) * toEnd,
            middle.y + (start.y - middle.y) * toStart + (point.y - middle.y) * toEnd)
        }
        corner = nil
      } else {
        points.append(point)
      }
    }
    return points
  }

  /// A character, its width, its strokes.
  private static let outlines = #"""
    0 8 4,14 ~8,14 8,9 8,5 ~8,0 4,0 ~0,0 0,5 0,9 ~0,14 4,14
    1 8 1,11 4.6,14 4.6,0
    2 8 0.2,10.2 ~0.2,14 4,14 ~7.8,14 7.8,10.2 ~7.8,8 5.4,5.5 0,0 8,0
    3 8 0.4,11 ~1,14 4,14 ~7.5,14 7.5,10.8 ~7.5,7.5 4,7.5 2.8,7.5 / 4,7.5 ~8,7.5 8,3.8 ~8,0 4,0 ~0.6,0 0,3.2
    4 8.4 6.3,0 6.3,14 0,4 8.4,4
    5 8 7.3,14 1.2,14 0.5,7.3 ~2,8.9 4,8.9 ~8,8.9 8,4.5 ~8,0 3.8,0 ~0.6,0 0,3
    6 8 7.4,11.5 ~6.5,14 4.2,14 ~0,14 0,6.5 0,4.5 ~0,0 4,0 ~8,0 8,4.4 ~8,8.7 4,8.7 ~0,8.7 0,4.5
    7 8 0,14 8,14 ~3.3,8 2.6,0
    8 8 4,14 ~7.5,14 7.5,10.8 ~7.5,7.5 4,7.5 ~0.5,7.5 0.5,10.8 ~0.5,14 4,14 / 4,7.5 ~8,7.5 8,3.8 ~8,0 4,0 ~0,0 0,3.8 ~0,7.5 4,7.5
    9 8 0.6,2.5 ~1.5,0 3.8,0 ~8,0 8,7.5 8,9.5 ~8,14 4,14 ~0,14 0,9.6 ~0,5.3 4,5.3 ~8,5.3 8,9.5
    A 10 0,0 5,14 10,0 / 1.8,5 8.2,5
    B 8.5 0,0 0,14 4.5,14 ~8,14 8,10.8 ~8,7.5 4.5,7.5 0,7.5 / 4.5,7.5 ~8.5,7.5 8.5,3.8 ~8.5,0 4.5,0 0,0
    C 9.5 9.5,10.2 ~8.4,14 5.2,14 ~0,14 0,7 ~0,0 5.2,0 ~8.4,0 9.5,3.8
    D 9.5 0,0 0,14 4,14 ~9.5,14 9.5,7 ~9.5,0 4,0 0,0
    E 8 8,14 0,14 0,0 8,0 / 0,7.5 7,7.5
    F 7.5 7.5,14 0,14 0,0 / 0,7.3 6.5,7.3
    G 10 9.6,10.5 ~8.5,14 5.3,14 ~0,14 0,7 ~0,0 5.3,0 ~10,0 10,5.5 10,6.8 5.8,6.8
    H 9 0,0 0,14 / 9,0 9,14 / 0,7.4 9,7.4
    I 0.6 0.3,0 0.3,14
    J 6 6,14 6,4 ~6,0 3,0 ~0,0 0,3.6
    K 9 0,0 0,14 / 8.5,14 0,5.2 / 3,8.4 9,0
    L 7 0,14 0,0 7,0
    M 11 0,0 0,14 5.5,1 11,14 11,0
    N 9 0,0 0,14 9,0 9,14
    O 11 5.5,14 ~11,14 11,7 ~11,0 5.5,0 ~0,0 0,7 ~0,14 5.5,14
    P 8.3 0,0 0,14 4.5,14 ~8.3,14 8.3,10.4 ~8.3,6.6 4.5,6.6 0,6.6
    Q 11 5.5,14 ~11,14 11,7 ~11,0 5.5,0 ~0,0 0,7 ~0,14 5.5,14 / 7,3.5 11,-1
    R 8.8 0,0 0,14 4.5,14 ~8.3,14 8.3,10.4 ~8.3,6.8 4.5,6.8 0,6.8 / 4.8,6.8 8.8,0
    S 8.5 8,10.8 ~7.2,14 4.3,14 ~0.5,14 0.5,10.7 ~0.5,8.2 4.3,7.3 ~8.5,6.3 8.5,3.6 ~8.5,0 4.3,0 ~0.8,0 0,3.4
    T 9 0,14 9,14 / 4.5,14 4.5,0
    U 9 0,14 0,5 ~0,0 4.5,0 ~9,0 9,5 9,14
    V 9.5 0,14 4.75,0 9.5,14
    W 14 0,14 3.5,0 7,13 10.5,0 14,14
    X 9 0,0 8.8,14 / 0.2,14 9,0
    Y 9 0,14 4.5,6.8 9,14 / 4.5,6.8 4.5,0
    Z 8.7 0.3,14 8.5,14 0,0 8.7,0
    a 7.2 0.5,7.8 ~1.2,10 3.8,10 ~7.2,10 7.2,7 7.2,0 / 7.2,5.9 3.8,5.9 ~0,5.9 0,2.9 ~0,0 3.1,0 ~7.2,0 7.2,4
    b 8 0,15 0,0 / 0,5 ~0,10 4,10 ~8,10 8,5 ~8,0 4,0 ~0,0 0,5
    c 7 7.1,7.1 ~6.4,10 4,10 ~0,10 0,5 ~0,0 4,0 ~6.4,0 7.1,2.9
    d 8 8,15 8,0 / 8,5 ~8,10 4,10 ~0,10 0,5 ~0,0 4,0 ~8,0 8,5
    e 7.8 0,5.2 7.8,5.2 ~7.8,10 4,10 ~0,10 0,5 ~0,0 4.1,0 ~6.6,0 7.5,2.5
    f 4.6 5,15 4.4,15 ~1.8,15 1.8,12.3 1.8,0 / 0,10 4.6,10
    g 8 8,10 8,-0.5 ~8,-4 4,-4 ~1,-4 0.4,-1.8 / 8,5 ~8,10 4,10 ~0,10 0,5 ~0,0 4,0 ~8,0 8,5
    h 7.2 0,15 0,0 / 0,5.5 ~0,10 3.8,10 ~7.2,10 7.2,6.3 7.2,0
    i 0.4 0.2,10 0.2,0 / 0.2,13.6 0.2,14.2
    j 2 2,10 2,-1.5 ~2,-4 0,-4 / 2,13.6 2,14.2
    k 7 0,15 0,0 / 6.6,10 0,3.6 / 2.5,6 7,0
    l 0.4 0.2,15 0.2,0
    m 12 0,10 0,0 / 0,6 ~0,10 3.2,10 ~6,10 6,6.8 6,0 / 6,6 ~6,10 9.2,10 ~12,10 12,6.8 12,0
    n 7.2 0,10 0,0 / 0,5.5 ~0,10 3.8,10 ~7.2,10 7.2,6.3 7.2,0
    o 8 4,10 ~8,10 8,5 ~8,0 4,0 ~0,0 0,5 ~0,10 4,10
    p 8 0,10 0,-4 / 0,5 ~0,10 4,10 ~8,10 8,5 ~8,0 4,0 ~0,0 0,5
    q 8 8,10 8,-4 / 8,5 ~8,10 4,10 ~0,10 0,5 ~0,0 4,0 ~8,0 8,5
    r 4.2 0,10 0,0 / 0,5.5 ~0,10 3.8,10 4.2,10
    s 6.6 6.2,7.7 ~5.6,10 3.3,10 ~0.4,10 0.4,7.6 ~0.4,5.8 3.3,5.2 ~6.6,4.5 6.6,2.6 ~6.6,0 3.3,0 ~0.6,0 0,2.4
    t 4.6 1.8,13.4 1.8,2.6 ~1.8,0 4.2,0 4.6,0 / 0,10 4.6,10
    u 7.2 0,10 0,3.7 ~0,0 3.4,0 ~7.2,0 7.2,4.5 / 7.2,10 7.2,0
    v 7.6 0,10 3.8,0 7.6,10
    w 11.2 0,10 2.8,0 5.6,9.6 8.4,0 11.2,10
    x 7 0,0 6.9,10 / 0.1,10 7,0
    y 7.6 0,10 3.9,0 / 7.6,10 3.4,-1.8 ~2.6,-4 0.8,-4 0.3,-4
    z 6.9 0.2,10 6.6,10 0,0 6.9,0
    ! 0.4 0.2,14 0.2,4.5 / 0.2,0.2 0.2,0.6
    " 3 0,14 0,10 / 3,14 3,10
    # 9.5 3,0 4.5,14 / 6.5,0 8,14 / 0.5,9.5 9.5,9.5 / 0,4.5 9,4.5
    $ 8.5 8,10.8 ~7.2,14 4.3,14 ~0.5,14 0.5,10.7 ~0.5,8.2 4.3,7.3 ~8.5,6.3 8.5,3.6 ~8.5,0 4.3,0 ~0.8,0 0,3.4 / 4.3,16 4.3,-2
    % 12.5 3,14 ~6,14 6,11 ~6,8 3,8 ~0,8 0,11 ~0,14 3,14 / 10.5,14 2,0 / 9.5,6 ~12.5,6 12.5,3 ~12.5,0 9.5,0 ~6.5,0 6.5,3 ~6.5,6 9.5,6
    & 10 10,0 2.2,8.8 ~0.8,10.4 0.8,11.4 ~0.8,14 3.6,14 ~6.3,14 6.3,11.5 ~6.3,9.6 3.4,8 ~0,6.2 0,3.6 ~0,0 3.9,0 ~7.6,0 9,6.5
    ' 0.4 0.2,14 0.2,10
    ( 3.5 3.5,16 ~0,12 0,6 ~0,0 3.5,-4
    ) 3.5 0,16 ~3.5,12 3.5,6 ~3.5,0 0,-4
    * 6 3,14 3,8 / 0.3,12.6 5.7,9.4 / 5.7,12.6 0.3,9.4
    + 8 4,10 4,2 / 0,6 8,6
    , 1.2 0.8,0.6 0.8,0.2 0,-2.6
    - 4.5 0,5.6 4.5,5.6
    . 0.4 0.2,0.1 0.2,0.6
    / 6 0,-1.5 6,15
    : 0.4 0.2,0.2 0.2,0.7 / 0.2,9 0.2,9.5
    ; 1.2 0.8,0.6 0.8,0.2 0,-2.6 / 0.8,9 0.8,9.5
    < 8 8,11 0,6 8,1
    = 8 0,8 8,8 / 0,4 8,4
    > 8 0,11 8,6 0,1
    ? 7 0,10.6 ~0.4,14 3.6,14 ~7,14 7,10.8 ~7,9 5.2,7.6 ~3.5,6.2 3.5,4.2 / 3.5,0.2 3.5,0.7
    @ 14 10,9 ~9.4,10.2 7.4,10.2 ~4,10.2 4,6 ~4,2.6 6.8,2.6 ~10,2.6 10,6.4 / 10.2,10 10,5 ~10,2.6 11.8,2.6 ~14,2.6 14,7 ~14,14 7,14 ~0,14 0,6 ~0,-2.5 7,-2.5 ~9.6,-2.5 11.5,-1.4
    [ 3.5 3.5,16 0,16 0,-3.5 3.5,-3.5
    \ 6 0,15 6,-1.5
    ] 3.5 0,16 3.5,16 3.5,-3.5 0,-3.5
    ^ 7 0,8.5 3.5,14 7,8.5
    _ 8 0,-2.5 8,-2.5
    ` 3 0,15 3,12.2
    { 4.5 4.5,16 ~2,16 2,13.5 2,9 ~2,6.2 0,6.2 ~2,6.2 2,3.4 2,-1 ~2,-3.5 4.5,-3.5
    | 0.4 0.2,16 0.2,-4
    } 4.5 0,16 ~2.5,16 2.5,13.5 2.5,9 ~2.5,6.2 4.5,6.2 ~2.5,6.2 2.5,3.4 2.5,-1 ~2.5,-3.5 0,-3.5
    ~ 8 0,4.8 ~0.3,7.2 2.2,7.2 ~3.2,7.2 4,6 ~4.8,4.8 5.8,4.8 ~7.7,4.8 8,7.2
    """#
}
