import DeepSwiftDatasets
import DeepSwiftEngine

/// An open `.safetensors` file: tensors with names, and texts beside them.
///
/// Opening reads the header alone. A tensor's numbers are read when they are first looked at: of a file of many gigabytes
/// only what is used gets into memory.
///
/// ```swift
/// let file = try SafeTensors(contentsOf: "model.safetensors")
/// print(file.names, file.metadata)
/// let kernel = try file["dense/kernel"]
/// ```
public struct SafeTensors: Sendable {
  /// The names of all tensors, in the order of their bytes in the file.
  public let names: [String]
  /// Texts that the writer put beside the tensors.
  public let metadata: [String: String]
  private let entries: [String: SafeTensorsHeader.Entry]
  private let storage: Storage
  /// The size of the file.
  var byteCount: Int { storage.byteCount }
  private let dataStart: Int
  private let place: String

  /// Opens a file. Everything in its header is checked.
  public init(contentsOf path: String) throws { try self.init(Files.map(path), place: path) }

  /// `place` is the file's name in error messages.
  package init(_ storage: Storage, place: String) throws {
    let bytes = UnsafeRawBufferPointer(start: storage.bytes, count: storage.byteCount)
    let (header, dataStart) = try SafeTensorsHeader.read(bytes, place: place)
    names = header.entries.map(\.name)
    metadata = header.metadata
    entries = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
    self.storage = storage
    self.dataStart = dataStart
    self.place = place
  }

  /// The shape of a tensor, without looking at its numbers; `nil` if there is none of that name.
  public func shape(of name: String) -> Shape? { entries[name]?.shape }

  /// The type of a tensor's numbers in the file, as its header names it: `F32`, `BF16`, `I64`.
  public func type(of name: String) -> String? { entries[name]?.type.rawValue }

  /// The tensor of that name.
  ///
  /// Floating-point numbers become `float32`, truth values `uint8`, integers `int32` (beyond its range they are an error).
  /// Where the file's type is the tensor's, nothing is copied.
  public subscript(name: String) -> Tensor {
    get throws {
      let place = "\(place), tensor \"\(name)\""
      guard let entry = entries[name] else {
        let some = names.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ")
        throw ModelError(
          .name, at: self.place,
          "has no tensor \"\(name)\"; it has \(names.isEmpty ? "none" : some)\(names.count > 20 ? " and more" : "")")
      }
      guard let format = entry.type.format else {
        throw ModelError(
          .file, at: place,
          "\(entry.type.rawValue) has no counterpart among tensors; convert it to F32 where the file was written")
      }
      let first = dataStart + entry.bytes.lowerBound, range = first..<first + entry.bytes.count
      if let type = entry.type.elementType, first % type.size == 0 {
        return Tensor(shape: entry.shape, elementType: type, storage: Storage(range, of: storage))
      }
      let bytes = UnsafeRawBufferPointer(start: storage.bytes + first, count: range.count)
      return try Tensor(shape: entry.shape, format, bytes, place: place)
    }
  }
}
