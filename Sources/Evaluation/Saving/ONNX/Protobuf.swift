import DeepSwiftDatasets
import DeepSwiftEngine

/// A message of Google's protocol buffers while it is written: fields with a number and a value each.
///
/// Tensors are not copied; they stand among the pieces as they are.
struct Protobuf {
  /// How a value is stored.
  private enum Wire: Int { case varint = 0, bytes = 2, fixed32 = 5 }

  private var closed: [FilePiece] = []
  private var open: [UInt8] = []
  /// The length in bytes.
  private(set) var count = 0

  var pieces: [FilePiece] { open.isEmpty ? closed : closed + [.bytes(open)] }

  mutating func add(_ field: Int, _ number: Int) {
    begin(field, .varint)
    append(varint: UInt64(bitPattern: Int64(number)))
  }

  mutating func add(_ field: Int, _ number: Float) {
    begin(field, .fixed32)
    let bits = number.bitPattern
    append((0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
  }

  mutating func add(_ field: Int, _ text: String) {
    begin(field, .bytes)
    append(varint: UInt64(text.utf8.count))
    append(Array(text.utf8))
  }

  mutating func add(_ field: Int, _ message: Protobuf) {
    begin(field, .bytes)
    append(varint: UInt64(message.count))
    for piece in message.pieces {
      switch piece {
      case .bytes(let bytes): append(bytes)
      case .tensor(let tensor): append(tensor)
      }
    }
  }

  /// The numbers of a tensor, as they lie in memory: little-endian, as the format wants them.
  mutating func add(_ field: Int, raw tensor: Tensor) {
    begin(field, .bytes)
    append(varint: UInt64(FilePiece.tensor(tensor).count))
    append(tensor)
  }

  mutating func add(_ field: Int, raw numbers: [Int]) {
    begin(field, .bytes)
    append(varint: UInt64(numbers.count * 8))
    for number in numbers { append((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }) }
  }

  private mutating func begin(_ field: Int, _ wire: Wire) { append(varint: UInt64(field << 3 | wire.rawValue)) }

  private mutating func append(varint number: UInt64) {
    var rest = number
    while rest >= 128 {
      append([UInt8(truncatingIfNeeded: rest) | 128])
      rest >>= 7
    }
    append([UInt8(rest)])
  }

  private mutating func append(_ bytes: [UInt8]) {
    open += bytes
    count += bytes.count
  }

  private mutating func append(_ tensor: Tensor) {
    if !open.isEmpty { closed.append(.bytes(open)) }
    open = []
    closed.append(.tensor(tensor))
    count += FilePiece.tensor(tensor).count
  }
}
