import DeepSwift
import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftEvaluation
import Foundation
import TestSupport
import Testing

let fixtureFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Fixtures").path

@Suite struct SafeTensorsTests {
  private func open(_ header: String, data: [UInt8] = []) throws -> SafeTensors {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(header.utf8.count))
    return try open(bytes + header.utf8 + data)
  }

  private func open(_ bytes: [UInt8]) throws -> SafeTensors {
    return try SafeTensors(Storage(copying: bytes), place: "a.safetensors")
  }

  /// Every type that Python's package writes, against the numbers that it says.
  @Test func filesOfPython() throws {
    let path = "\(fixtureFolder)/safetensors/types.safetensors"
    let file = try SafeTensors(contentsOf: path)
    #expect(file.metadata == ["format": "pt", "author": "a \"b\" \\ ü\n"])
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: "\(fixtureFolder)/safetensors/types.json")))
    let expected = try #require(json as? [String: [String: [Double]]])
    #expect(Set(file.names) == Set(expected.keys))
    for (name, tensor) in expected {
      let read = try file[name]
      #expect(read.shape.dimensions == tensor["shape"]?.map { Int($0) }, "\(name)")
      #expect(read.floats == tensor["values"]?.map { Float($0) }, "\(name)")
    }
    #expect(try file["bool"].elementType == .uint8)
    #expect(try file["i64"].elementType == .int32)
    #expect(file.type(of: "bf16") == "BF16" && file.shape(of: "empty") == [0, 3])
    #expect(try SafeTensors(contentsOf: "\(fixtureFolder)/safetensors/nothing.safetensors").names.isEmpty)
    let float8 = try SafeTensors(contentsOf: "\(fixtureFolder)/safetensors/float8.safetensors")
    #expect(
      spoken { _ = try float8["f8"] }.hasSuffix(
        "float8.safetensors, tensor \"f8\": F8_E4M3 has no counterpart among tensors; convert it to F32 where the file was written"
      ))
  }

  @Test func whatIsWrittenIsRead() throws {
    let folder = try TemporaryFolder(), path = folder.path("a.safetensors")
    let tensors: [String: Tensor] = [
      "a/kernel": .random(uniform: -1...1, shape: [3, 5], seed: 1), "bytes": Tensor([1, 2, 3] as [UInt8]),
      "whole": Tensor([-1, 7] as [Int32]), "\"ü\\\n": Tensor(2.5), "none": Tensor.zeros([0, 4]),
    ]
    try Tensor.write(safetensors: path, tensors, metadata: ["key": "\"ü\\\n"])
    #expect(try Tensor.read(safetensors: path) == tensors)
    let file = try SafeTensors(contentsOf: path)
    #expect(file.metadata == ["key": "\"ü\\\n"])
    // Without a copy: two looks at a tensor see the same memory.
    #expect(try file["a/kernel"].storage.bytes == file["a/kernel"].storage.bytes)
    #expect(folder.names == ["a.safetensors"])
  }

  /// As in the original implementation.
  @Test(arguments: [
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} "#, 8, nil),
    (#"{"__metadata__":null,"a":{"dtype":"U8","shape":[],"data_offsets":[0,1],"more":[{}]}}"#, 1, nil),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7, "take 8 bytes, but 7 follow"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9, "take 8 bytes, but 9 follow"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, "begin at 4, where 0 is expected"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4,
      "where 4 is expected"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#, 12,
      "where 4 is expected"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8,
      "stands there twice"
    ),
    (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, "F32 of shape [3] takes 12"),
    (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, "no list of lengths"),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, "is impossible"),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904,0],"data_offsets":[0,0]}}"#, 0, "is impossible"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "not two places in order"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}"#, 8, "not two places in order"),
    (#"{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,0]}}"#, 0, "do not fill whole bytes"),
    (#"{"a":{"dtype":"X32","shape":[2],"data_offsets":[0,8]}}"#, 8, "unknown dtype X32"),
    (#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, "lacks its dtype, shape or data_offsets"),
    (#"{"a":7}"#, 0, "lacks its dtype, shape or data_offsets"),
    (#"{"__metadata__":{"a":1}}"#, 0, "is no text"),
    (#" {}"#, 0, "does not begin with a brace"),
    (#"{"a":"#, 0, "is not valid JSON"),
  ])
  func headers(_ header: String, _ count: Int, _ fault: String?) throws {
    let said = spoken { _ = try open(header, data: [UInt8](repeating: 0, count: count)) }
    if let fault {
      #expect(said.hasPrefix("a.safetensors") && said.contains(fault), "\(said)")
    } else {
      #expect(said == "nothing was thrown")
    }
  }

  @Test func lengthsOfHeaders() throws {
    func said(_ length: UInt64, _ rest: [UInt8]) -> String {
      var bytes: [UInt8] = []
      bytes.append(littleEndian: length)
      return spoken { _ = try open(bytes + rest) }
    }
    #expect(spoken { _ = try open([1, 2, 3]) }.contains("it has 3 bytes"))
    #expect(said(.max, []).contains("more than 100000000"))
    #expect(said(100_000_001, []).contains("more than 100000000"))
    #expect(said(3, [0x7b, 0x7d]).contains("its header has 3 bytes, but the file ends after 2"))
    #expect(said(0, []).contains("does not begin with a brace"))
  }

  /// A number that does not lie at a multiple of its size is read as well.
  @Test func numbersAtOddPlaces() throws {
    let file = try open(
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"#,
      data: [9, 0, 0, 0x80, 0x3f])
    #expect(try file["a"].integers == [9])
    #expect(try file["b"].floats == [1])
    #expect(
      spoken { _ = try file["c"] } == "a.safetensors: has no tensor \"c\"; it has \"a\", \"b\"")
  }

  @Test func integersThatDoNotFitAreRefused() throws {
    let file = try open(
      #"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#, data: [0, 0, 0, 0, 1, 0, 0, 0])
    #expect(spoken { _ = try file["a"] }.contains("holds 4294967296, which does not fit into int32"))
  }

  /// Whatever a file holds, it is read or refused. `DEEPSWIFT_MUTATIONS` asks for more of them.
  @Test func damagedFilesAreReadOrRefused() throws {
    let path = "\(fixtureFolder)/safetensors/types.safetensors"
    let sound = try Files.read(path)
    let seed = UInt64.random(in: 0 ... .max)
    let count = ProcessInfo.processInfo.environment["DEEPSWIFT_MUTATIONS"].flatMap { Int($0) } ?? 2_000
    let interesting = Array("0123456789-{}[],:\"\\ eE.nul".utf8) + [0, 0xff, 0x80]
    var accepted = 0
    for number in 0..<count {
      let random = RandomSource(seed: seed).keyed(UInt64(number))
      var bytes = sound
      for change in 0..<1 + random.integer(below: 4, at: 0) {
        let draw = { random.integer(below: $0, at: UInt64(change * 8 + $1)) }
        // Most of what can go wrong stands in the header.
        let place = draw(bytes.count, 1) * (draw(4, 2) == 0 ? 8 : 1) % max(bytes.count, 1)
        switch draw(6, 3) {
        case 0: bytes[place] = UInt8(draw(256, 4))
        case 1, 2: bytes[place] = interesting[draw(interesting.count, 4)]
        case 3: bytes.remove(at: place)
        case 4: bytes.insert(interesting[draw(interesting.count, 4)], at: place)
        default: if draw(4, 5) == 0 { bytes.removeLast(draw(bytes.count - 1, 6)) }
        }
      }
      do {
        let file = try open(bytes)
        for name in file.names { _ = try? file[name].floats }
        accepted += 1
      } catch is ModelError {}
    }
    #expect(accepted < count, "seed \(seed)")
    if count > 2_000 { print("safetensors: \(count) damaged files of seed \(seed), \(accepted) accepted") }
  }
}
