import DeepSwiftDatasets
import DeepSwiftEngine

package enum IDXFuzz: FuzzTarget {
  package static let name = "idx"
  package static let corpus = Corpus("fuzz", ".idx")

  package static func read(_ bytes: [UInt8]) throws { _ = try Tensor(idxBytes: bytes, place: "file").description }
}
