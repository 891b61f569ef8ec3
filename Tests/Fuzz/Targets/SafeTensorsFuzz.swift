import DeepSwiftEngine
import DeepSwiftEvaluation

/// The header, and every tensor that it tells of.
package enum SafeTensorsFuzz: FuzzTarget {
  package static let name = "safetensors"
  package static let corpus = Corpus("safetensors", ".safetensors")

  package static func read(_ bytes: [UInt8]) throws {
    let file = try SafeTensors(Storage(copying: bytes), place: "file")
    // A tensor that cannot be read leaves the others as they are.
    for name in file.names { _ = try? file[name].floats }
  }
}
