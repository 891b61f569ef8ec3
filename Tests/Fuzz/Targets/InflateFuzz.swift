import DeepSwiftDatasets

/// Compressed bytes of unknown size.
package enum InflateFuzz: FuzzTarget {
  package static let name = "inflate"
  package static let corpus = Corpus("fuzz", ".gz")

  package static func read(_ bytes: [UInt8]) throws { _ = try inflated(bytes[...], .gzip, place: "file") }
}
