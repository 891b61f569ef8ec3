import DeepSwiftDatasets

package enum TarFuzz: FuzzTarget {
  package static let name = "tar"
  package static let corpus = Corpus("fuzz", ".tar")

  package static func read(_ bytes: [UInt8]) throws { _ = try TarArchive(bytes, place: "file") }
}
