import DeepSwiftEvaluation

/// Trees of groups with all values in them. Every second file is read without regard to its checksums: what lies behind
/// them has to be safe by itself.
package enum HDF5Fuzz: FuzzTarget {
  package static let name = "hdf5"
  package static let corpus = Corpus("hdf5", ".h5")

  package static func read(_ bytes: [UInt8]) throws {
    let ignoresChecksums = bytes.reduce(0, ^) & 1 == 0
    visit(.group(try HDF5.read(bytes, place: "file", ignoringChecksums: ignoresChecksums)))
  }

  /// A data set that cannot be read leaves the others as they are.
  private static func visit(_ member: HDF5Member) {
    switch member {
    case .group(let group):
      for (_, member) in group.members { visit(member) }
    case .dataset(let dataset):
      _ = try? dataset.tensor()
      _ = try? dataset.integers()
      _ = try? dataset.strings()
      _ = try? dataset.bytes()
    }
  }
}
