import DeepSwift
import Testing

@testable import DeepSwiftEvaluation

@Suite struct ProtobufTests {
  private func bytes(_ fill: (inout Protobuf) -> Void) -> [UInt8] {
    var message = Protobuf()
    fill(&message)
    let bytes = message.pieces.flatMap { $0.withUnsafeBytes { Array($0) } }
    #expect(message.count == bytes.count)
    return bytes
  }

  /// The examples of the format's own description, and what Python's protobuf makes of the others.
  @Test func values() {
    #expect(bytes { $0.add(1, 150) } == [0x08, 0x96, 0x01])
    #expect(bytes { $0.add(2, "testing") } == [0x12, 0x07] + Array("testing".utf8))
    #expect(bytes { $0.add(3, -1) } == [0x18] + Array(repeating: 0xff, count: 9) + [0x01])
    #expect(bytes { $0.add(20, 0) } == [0xa0, 0x01, 0x00])
    #expect(bytes { $0.add(2, Float(1.5)) } == [0x15, 0x00, 0x00, 0xc0, 0x3f])
    #expect(bytes { $0.add(9, raw: [1, -2]) } == [0x4a, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0xfe] + Array(repeating: 0xff, count: 7))
  }

  @Test func messagesWithTensors() {
    let result = bytes { outer in
      var inner = Protobuf()
      inner.add(1, 150)
      inner.add(9, raw: Tensor([1, -1] as [Float], shape: [2]))
      inner.add(2, "b")
      outer.add(3, inner)
      outer.add(1, 1)
    }
    let tensor: [UInt8] = [0x4a, 8, 0, 0, 0x80, 0x3f, 0, 0, 0x80, 0xbf]
    #expect(result == [0x1a, 16, 0x08, 0x96, 0x01] + tensor + [0x12, 1, 0x62, 0x08, 1])
  }
}
