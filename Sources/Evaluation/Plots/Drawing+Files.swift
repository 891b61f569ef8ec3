import DeepSwiftDatasets
import DeepSwiftEngine
import Foundation

extension Drawing {
  /// The picture as pixels. Two per unit look sharp on today's screens and in print.
  package func png(scale: Double = 2) -> Data {
    let (columns, rows) = (Int((width * scale).rounded(.up)), Int((height * scale).rounded(.up)))
    var canvas = Canvas(width: columns, height: rows, scale: scale)
    for mark in marks { canvas.draw(mark) }
    return canvas.pixels.png()
  }

  /// Checks that a picture can be drawn into this file, before work is done for it.
  static func checkFormat(_ path: String) throws {
    guard ["svg", "png"].contains(format(path)) else {
      throw ModelError(.argument, at: path, "a plot is drawn as .svg or .png; end the path with one of them")
    }
  }

  /// Writes the picture as the end of the path says: `.svg` or `.png`.
  package func write(to path: String) throws {
    try Drawing.checkFormat(path)
    try Files.write(Drawing.format(path) == "svg" ? Data(svg().utf8) : png(), to: path)
  }

  private static func format(_ path: String) -> String { (path as NSString).pathExtension.lowercased() }
}
