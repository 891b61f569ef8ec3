import DeepSwiftDatasets
import DeepSwiftEngine

package enum NPYFuzz: FuzzTarget {
  package static let name = "npy"
  package static let corpus = Corpus("numpy", ".npy")

  package static func read(_ bytes: [UInt8]) throws { _ = try Tensor(npyBytes: bytes, place: "file").description }
}
