/// A picture described by its marks, in units of a pixel at normal size, y downward. `svg()` and `png()` show the same.
package struct Drawing: Sendable {
  package struct Color: Sendable, Equatable {
    package var red, green, blue: UInt8

    /// `Color(0x0072B2)`
    package init(_ rgb: Int) {
      (red, green, blue) = (UInt8(rgb >> 16 & 255), UInt8(rgb >> 8 & 255), UInt8(rgb & 255))
    }
    package static let white = Color(0xFFFFFF)
  }

  package struct Point: Sendable, Equatable {
    package var x, y: Double
    package init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
  }

  package enum Anchor: String, Sendable { case start, middle, end }

  package struct TextStyle: Sendable, Equatable {
    package var size: Double
    package var color: Color
    package var bold: Bool
    package var anchor: Anchor
    /// How far the line is turned about its point, in degrees, clockwise.
    package var angle: Double

    package init(
      size: Double = 12, color: Color = Color(0x222222), bold: Bool = false, anchor: Anchor = .start, angle: Double = 0
    ) {
      (self.size, self.color, self.bold, self.anchor, self.angle) = (size, color, bold, anchor, angle)
    }
  }

  package enum Mark: Sendable, Equatable {
    case rectangle(x: Double, y: Double, width: Double, height: Double, fill: Color)
    /// `dashes`: lengths of dash and gap.
    case line([Point], color: Color, width: Double, dashes: [Double] = [])
    case circle(Point, radius: Double, fill: Color?, stroke: Color, width: Double)
    /// Pixels stretched over a rectangle.
    case image(Pixels, x: Double, y: Double, width: Double, height: Double)
    /// The point is on the baseline.
    case text(String, at: Point, TextStyle)
  }

  package var width, height: Double
  /// What the picture shows, for those who cannot see it.
  package var title: String
  package var marks: [Mark] = []

  package init(width: Double, height: Double, title: String) {
    (self.width, self.height, self.title) = (width, height, title)
  }

  package mutating func add(_ mark: Mark) { marks.append(mark) }
}
