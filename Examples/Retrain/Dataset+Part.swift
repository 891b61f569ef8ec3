import DeepSwift
import Foundation

extension Dataset {
  /// The samples of some classes, which are numbered anew from 0.
  func part(of names: [String]) throws -> Dataset {
    let labels = y.integers
    let places = labels.indices.filter { names.contains(classNames[labels[$0]]) }
    let numbers = places.map { names.firstIndex(of: classNames[labels[$0]]) ?? 0 }
    return try Dataset(x: x.gathered(places), y: Tensor(numbers), classNames: names)
  }

  /// Writes the first images of each class as PNG files, into a folder with one subfolder for each.
  func writeImages(into folder: String, each limit: Int) throws {
    for (kind, name) in classNames.enumerated() {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      let places = y.integers.indices.filter { y.integers[$0] == kind }
      for (number, place) in places.prefix(limit).enumerated() {
        try x[place].write(png: "\(folder)/\(name)/\(number).png")
      }
    }
  }
}
