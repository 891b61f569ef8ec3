import DeepSwiftDatasets
import DeepSwiftEngine

extension Tensor {
  /// All tensors in a `.safetensors` file, by name. `SafeTensors(contentsOf:)` opens a file and reads only what is used.
  public static func read(safetensors path: String) throws -> [String: Tensor] {
    let file = try SafeTensors(contentsOf: path)
    return Dictionary(uniqueKeysWithValues: try file.names.map { ($0, try file[$0]) })
  }

  /// Writes a `.safetensors` file, as Python's `safetensors` does. The file is either written whole or not at all.
  public static func write(
    safetensors path: String, _ tensors: [String: Tensor], metadata: [String: String] = [:]
  ) throws {
    try SafeTensors.write(
      tensors.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) }, metadata: metadata, to: path)
  }
}

extension SafeTensors {
  /// Writes tensors one behind the other from where they lie in memory.
  package static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to path: String
  ) throws {
    // Numbers of four bytes come before bytes, so that all of them lie at multiples of their size.
    let ordered = tensors.enumerated().sorted {
      (-$0.element.tensor.elementType.size, $0.offset) < (-$1.element.tensor.elementType.size, $1.offset)
    }.map(\.element)
    var header = SafeTensorsHeader(metadata: metadata), end = 0, taken: Set = ["__metadata__"]
    for (name, tensor) in ordered {
      guard taken.insert(name).inserted else {
        throw ModelError(.name, at: path, "two tensors would be called \"\(name)\"; give one of them another name")
      }
      let size = tensor.count * tensor.elementType.size
      header.entries.append(
        .init(name: name, type: SafeTensorsType(tensor.elementType), shape: tensor.shape, bytes: end..<end + size))
      end += size
    }
    try AtomicFile.write(to: path) { file in
      try file.append(header.bytes)
      for (_, tensor) in ordered { try tensor.withUnsafeBytes { try file.append($0) } }
    }
  }
}
