import DeepSwiftDatasets

/// Archives, and what is in them.
package enum ZipFuzz: FuzzTarget {
  package static let name = "zip"
  package static let corpus = Corpus("numpy", ".npz")

  package static func read(_ bytes: [UInt8]) throws {
    let archive = try ZipArchive(bytes, place: "file")
    for member in archive.members { _ = try archive.contents(of: member) }
  }
}
