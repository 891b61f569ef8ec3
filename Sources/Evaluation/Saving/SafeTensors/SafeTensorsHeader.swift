import DeepSwiftDatasets
import DeepSwiftEngine

/// What stands at the head of a `.safetensors` file: eight bytes with the header's length, then JSON that names each tensor,
/// its type, its shape, and where its bytes lie behind the header.
///
///     {"__metadata__": {"format": "pt"}, "dense/kernel": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
struct SafeTensorsHeader {
  struct Entry {
    var name: String
    var type: SafeTensorsType
    var shape: Shape
    /// The bytes, counted from the first one behind the header.
    var bytes: Range<Int>
  }

  var metadata: [String: String] = [:]
  /// In the order in which their bytes lie in the file.
  var entries: [Entry] = []

  /// Headers beyond this are refused, as by the original implementation.
  private static let largest = 100_000_000

  /// Reads the head of a file. `bytes` is the whole file; the second value is where its data begin.
  ///
  /// Tensors must lie one behind the other, without holes or overlaps, up to the end of the file.
  static func read(_ bytes: UnsafeRawBufferPointer, place: String) throws -> (SafeTensorsHeader, dataStart: Int) {
    func fault(_ message: String) -> ModelError {
      ModelError(.file, at: place, "is no valid .safetensors file: \(message). Download it or write it again.")
    }
    guard bytes.count >= 8 else { throw fault("it has \(bytes.count) bytes, and the length of its header alone takes 8") }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= largest else { throw fault("its header would have \(length) bytes, more than \(largest)") }
    let start = 8 + Int(length)
    guard start <= bytes.count else { throw fault("its header has \(length) bytes, but the file ends after \(bytes.count - 8)") }
    guard length > 0, bytes[8] == UInt8(ascii: "{") else { throw fault("its header does not begin with a brace") }

    let json = try JSON(bytes[8..<start], place: "\(place), header", isUnique: true)
    guard let object = json.object else { throw fault("its header is no JSON object") }
    var header = SafeTensorsHeader()
    for (name, value) in zip(object.keys, object.values) {
      if name == "__metadata__" {
        header.metadata = try metadata(value, fault)
      } else {
        header.entries.append(try entry(name, value, fault))
      }
    }
    header.entries.sort { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }
    var end = 0
    for entry in header.entries {
      guard entry.bytes.lowerBound == end else {
        throw fault("the bytes of \"\(entry.name)\" begin at \(entry.bytes.lowerBound), where \(end) is expected")
      }
      end = entry.bytes.upperBound
    }
    guard end == bytes.count - start else {
      throw fault("its tensors take \(end) bytes, but \(bytes.count - start) follow the header")
    }
    return (header, start)
  }

  private static func metadata(_ value: JSON, _ fault: (String) -> ModelError) throws -> [String: String] {
    if value.isNull { return [:] }
    guard let object = value.object else { throw fault("its metadata are no JSON object") }
    return try Dictionary(
      uniqueKeysWithValues: zip(object.keys, object.values).map { key, value in
        guard let text = value.string else { throw fault("\"\(key)\" in its metadata is no text") }
        return (key, text)
      })
  }

  private static func entry(_ name: String, _ value: JSON, _ fault: (String) -> ModelError) throws -> Entry {
    guard let typeName = value["dtype"]?.string, let lengths = value["shape"]?.array, let offsets = value["data_offsets"]?.array
    else { throw fault("\"\(name)\" lacks its dtype, shape or data_offsets") }
    guard let type = SafeTensorsType(rawValue: typeName) else { throw fault("\"\(name)\" has the unknown dtype \(typeName)") }

    // Only lengths that make sense get into a `Shape`.
    let dimensions = lengths.compactMap(\.int)
    guard dimensions.count == lengths.count, dimensions.allSatisfy({ $0 >= 0 }) else {
      throw fault("the shape of \"\(name)\" is no list of lengths")
    }
    var bits = type.bits
    for length in dimensions where length > 0 {
      let (product, overflow) = bits.multipliedReportingOverflow(by: length)
      guard !overflow else { throw fault("the shape of \"\(name)\" is impossible") }
      bits = product
    }
    if dimensions.contains(0) { bits = 0 }
    guard bits % 8 == 0 else { throw fault("the bits of \"\(name)\" do not fill whole bytes") }

    guard offsets.count == 2, let first = offsets[0].int, let end = offsets[1].int, first >= 0, end >= first else {
      throw fault("the data_offsets of \"\(name)\" are not two places in order")
    }
    guard end - first == bits / 8 else {
      throw fault("\"\(name)\" has \(end - first) bytes, but \(typeName) of shape \(Shape(dimensions)) takes \(bits / 8)")
    }
    return Entry(name: name, type: type, shape: Shape(dimensions), bytes: first..<end)
  }

  /// The head of a file with these tensors, byte for byte as the original implementation writes it; metadata are sorted.
  var bytes: [UInt8] {
    var text = "{"
    if !metadata.isEmpty {
      let fields = metadata.sorted { $0.key < $1.key }.map { JSON.string($0.key).text + ":" + JSON.string($0.value).text }
      text += "\"__metadata__\":{\(fields.joined(separator: ","))}"
    }
    for entry in entries {
      if text.utf8.count > 1 { text += "," }
      let lengths = entry.shape.dimensions.map(String.init).joined(separator: ",")
      text += JSON.string(entry.name).text + ":{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(lengths)],"
      text += "\"data_offsets\":[\(entry.bytes.lowerBound),\(entry.bytes.upperBound)]}"
    }
    text += "}"
    // The data begin at a multiple of eight, so that numbers can be read where they lie.
    text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(text.utf8.count))
    bytes += text.utf8
    return bytes
  }
}
