import DeepSwiftDatasets
import Testing

@testable import DeepSwiftEvaluation

/// A protocol buffer read back, field by field.
struct ProtobufFields {
  enum Value {
    case number(UInt64)
    case bytes([UInt8])
  }

  private var fields: [(field: Int, value: Value)] = []

  init(_ bytes: [UInt8]) throws {
    var place = 0
    func byte() throws -> UInt8 {
      try #require(place < bytes.count)
      place += 1
      return bytes[place - 1]
    }
    func varint() throws -> UInt64 {
      var number: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 70, by: 7) {
        let next = try byte()
        number |= UInt64(next & 127) << shift
        if next < 128 { break }
      }
      return number
    }
    while place < bytes.count {
      let key = Int(try varint())
      switch key & 7 {
      case 0: fields.append((key >> 3, .number(try varint())))
      case 5: fields.append((key >> 3, .number(UInt64(try (0..<4).map { try UInt32(byte()) << (8 * $0) }.reduce(0, |)))))
      default:
        let count = Int(try varint())
        try #require(key & 7 == 2 && place + count <= bytes.count)
        fields.append((key >> 3, .bytes(Array(bytes[place..<place + count]))))
        place += count
      }
    }
  }

  init(_ message: Protobuf) throws { try self.init(message.pieces.flatMap { $0.withUnsafeBytes { Array($0) } }) }

  func numbers(_ field: Int) -> [Int] {
    fields.compactMap {
      if $0.field == field, case .number(let number) = $0.value { Int(Int64(bitPattern: number)) } else { nil }
    }
  }

  func bytes(_ field: Int) -> [[UInt8]] {
    fields.compactMap { if $0.field == field, case .bytes(let bytes) = $0.value { bytes } else { nil } }
  }

  func texts(_ field: Int) -> [String] { bytes(field).map { String(decoding: $0, as: UTF8.self) } }
  func messages(_ field: Int) throws -> [ProtobufFields] { try bytes(field).map { try ProtobufFields($0) } }
}
