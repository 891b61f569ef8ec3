import DeepSwiftEngine
import Foundation

/// A kind of file whose reader must survive whatever a file holds: it returns a value or throws a `ModelError`.
package protocol FuzzTarget: Sendable {
  /// As it is written on the command line.
  static var name: String { get }
  /// The sound files that damaged ones are made from, in `Tests/Fixtures`.
  static var corpus: Corpus { get }
  /// Reads a file, and all that is in it.
  static func read(_ bytes: [UInt8]) throws
}

/// Where sound files lie: a folder in `Tests/Fixtures`, and how their names end.
package struct Corpus: Sendable {
  package var folder: String
  package var suffixes: [String]

  package init(_ folder: String, _ suffixes: String...) { (self.folder, self.suffixes) = (folder, suffixes) }

  /// The files in `folder` instead, if there is one; in the order of their names, so that a seed means the same everywhere.
  package func files(in folder: String? = nil) throws -> [(name: String, bytes: [UInt8])] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let folder = folder ?? "\(tests)/Fixtures/\(self.folder)"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { name in suffixes.contains { name.hasSuffix($0) } }
    return try names.map { ($0, [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")))) }
  }
}

extension FuzzTarget {
  /// The damaged file number `number` of a seed.
  package static func file(_ number: Int, seed: UInt64, from corpus: [[UInt8]]) -> [UInt8] {
    var mutator = Mutator(seed: RandomSource(seed: seed).bits(at: UInt64(number)))
    return mutator.damaged(corpus)
  }

  /// Whether a file was taken for sound. What is thrown that is not a `ModelError` is thrown on.
  package static func accepts(_ bytes: [UInt8]) throws -> Bool {
    do {
      try read(bytes)
      return true
    } catch is ModelError { return false }
  }
}
