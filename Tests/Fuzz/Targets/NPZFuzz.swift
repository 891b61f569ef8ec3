import DeepSwiftDatasets
import DeepSwiftEngine

package enum NPZFuzz: FuzzTarget {
  package static let name = "npz"
  package static let corpus = Corpus("numpy", ".npz")

  package static func read(_ bytes: [UInt8]) throws { _ = try Tensor.read(npzBytes: bytes, place: "file") }
}
