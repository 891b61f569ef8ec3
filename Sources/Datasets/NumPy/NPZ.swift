import DeepSwiftEngine

extension Tensor {
  /// The arrays in an `.npz` file of NumPy, compressed or not, by name. Members that are not arrays are left out.
  public static func read(npz path: String) throws -> [String: Tensor] {
    try read(npzBytes: Files.read(path), place: path)
  }

  /// Writes an `.npz` file that NumPy opens. The file is either written whole or not at all.
  public static func write(npz path: String, _ tensors: [String: Tensor], compressed: Bool = false) throws {
    try write(
      npz: path, inOrder: tensors.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) }, compressed: compressed)
  }

  /// The same with the arrays in an order of their own.
  package static func write(npz path: String, inOrder tensors: [(name: String, tensor: Tensor)], compressed: Bool = false) throws
  {
    var zip = ZipWriter()
    for (name, tensor) in tensors { zip.add(name + ".npy", tensor.npyBytes, compressed: compressed) }
    try Files.write(zip.finished(place: path), to: path)
  }

  /// `place` is the file's name in error messages.
  package static func read(npzBytes bytes: [UInt8], place: String) throws -> [String: Tensor] {
    let zip = try ZipArchive(bytes, place: place)
    var tensors: [String: Tensor] = [:]
    for member in zip.members where member.name.hasSuffix(".npy") {
      let name = String(member.name.dropLast(4))
      tensors[name] = try Tensor(npyBytes: zip.contents(of: member), place: "\(place), array \(name)")
    }
    return tensors
  }
}
