import DeepSwiftEvaluation

/// Whole `.keras` files. Every second one is read without regard to its checksums, so that damage reaches what is behind.
package enum KerasFuzz: FuzzTarget {
  package static let name = "keras"
  package static let corpus = Corpus("kerasfiles", ".keras")

  package static func read(_ bytes: [UInt8]) throws {
    try KerasFile.read(bytes, ignoringChecksums: bytes.reduce(0, ^) & 1 == 0)
  }
}

/// The configurations of such files alone, as texts.
package enum KerasConfigurationFuzz: FuzzTarget {
  package static let name = "kerasconfig"
  package static let corpus = Corpus("fuzz", ".config.json")

  package static func read(_ bytes: [UInt8]) throws {
    try KerasConfiguration.read(bytes)
  }
}
