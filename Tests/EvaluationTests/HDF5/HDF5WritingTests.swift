import DeepSwift
import DeepSwiftDatasets
import DeepSwiftEvaluation
import Foundation
import TestSupport
import Testing

@Suite struct HDF5WritingTests {
  @Test func knownBytes() throws {
    // Byte for byte what h5py writes for a data set of shape [2], except for where things are.
    var root = HDF5Group()
    root["x"] = .dataset(HDF5Dataset(Tensor([1, 2] as [Float])))
    let bytes = try HDF5.write(root)
    #expect(bytes.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0]))
    #expect(bytes[96..<104].elementsEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]))
    let float32: [UInt8] = [0x11, 0x20, 0x1f, 0, 4, 0, 0, 0, 0, 0, 0x20, 0, 0x17, 8, 0, 0x17, 0x7f, 0, 0, 0]
    #expect((0..<bytes.count - 20).contains { bytes[$0..<$0 + 20].elementsEqual(float32) })
    #expect(try HDF5.write(root) == bytes)
  }

  @Test func everyKindOfAttribute() throws {
    let attributes: [String: HDF5Attribute] = [
      "text": .string("ünïcødé"), "nothing": .string(""), "texts": .strings(["a", "", "ccc"]), "no texts": .strings([]),
      "integer": .integer(.min), "integers": .integers([1, -2]), "float": .float(0.1), "floats": .floats([.infinity, 2]),
      "empty": .empty, "long": .string(String(repeating: "long ", count: 20_000)),
      "many": .strings((0..<3000).map { "weight \($0)" }),
    ]
    var root = HDF5Group(attributes: attributes)
    root["group"] = .group(HDF5Group(attributes: attributes))
    var dataset = HDF5Dataset(Tensor(1))
    dataset.attributes = attributes
    root["dataset"] = .dataset(dataset)
    let read = try HDF5.read(HDF5.write(root), place: "a")
    #expect(read.attributes == attributes)
    #expect(try read.group("group").attributes == attributes)
    #expect(try read.dataset("dataset").attributes == attributes)
  }

  @Test func attributesBeyondTheLimitAreRefused() {
    let group = HDF5Group(attributes: ["w": .floats([Double](repeating: 0, count: 8200))])
    let text = message { _ = try HDF5.write(group, place: "a.h5") }
    #expect(text.contains("the attribute \"w\" takes") && text.contains("64 KB"), "\(text)")
    #expect(
      message { _ = try HDF5.write(HDF5Group(attributes: ["w": .floats([Double](repeating: 0, count: 8100))])) } == "no error")
  }

  @Test(arguments: ["", ".", "a/b", "a\0"]) func namesThatNoFileHoldsAreRefused(name: String) {
    let root = HDF5Group(members: [(name, .group(HDF5Group()))])
    #expect(message { _ = try HDF5.write(root) }.contains("names are not empty and have no slash"))
  }

  @Test(arguments: [0, 1, 8, 9, 256, 257, 1000, 9000]) func groupsOfAnySize(count: Int) throws {
    var group = HDF5Group()
    for i in 0..<count { group["n\(i * 7919 % 100_003)"] = .dataset(HDF5Dataset([Int64(i)], shape: [])) }
    let read = try HDF5.read(HDF5.write(HDF5Group(members: [("g", .group(group))])), place: "a").group("g")
    #expect(read.names == group.names.sorted())
    for i in stride(from: 0, to: count, by: 37) {
      #expect(try read.dataset("n\(i * 7919 % 100_003)").integers() == [Int64(i)])
    }
  }

  @Test func everyKindOfDataset() throws {
    var root = HDF5Group()
    root["fixed"] = .dataset(HDF5Dataset(["ab", "", "çcc"], isFixed: true))
    root["variable"] = .dataset(HDF5Dataset(["ab", "", String(repeating: "x", count: 5000), "d"], shape: [2, 2]))
    root["halves"] = .dataset(HDF5Dataset([0, 0x3c, 0, 0xc0], .float16, shape: [2]))
    root["truth"] = .dataset(HDF5Dataset([0, 1], .bool, shape: [2]))
    root["bytes"] = .dataset(HDF5Dataset(Tensor([1, 255] as [UInt8])))
    root["doubles"] = .dataset(HDF5Dataset([0.5, -2] as [Double]))
    root["nothing"] = .dataset(HDF5Dataset(Tensor.zeros([0, 3])))
    root["scalar"] = .dataset(HDF5Dataset(Tensor(2.5 as Float)))
    let read = try HDF5.read(HDF5.write(root), place: "a")
    for (name, member) in root.members {
      guard case .dataset(let dataset) = member else { continue }
      #expect(try read.dataset(name).type == dataset.type, "\(name)")
      #expect(try read.dataset(name).shape == dataset.shape, "\(name)")
    }
    #expect(try read.dataset("fixed").type == .fixedString(4))
    #expect(try read.dataset("fixed").strings() == ["ab", "", "çcc"])
    #expect(try read.dataset("variable").strings()[2].count == 5000)
    #expect(try read.dataset("halves").floats() == [1, -2])
    #expect(try read.dataset("truth").integers() == [0, 1])
    #expect(try read.dataset("bytes").tensor() == Tensor([1, 255] as [UInt8]))
    #expect(try read.dataset("doubles").floats() == [0.5, -2])
    #expect(try read.dataset("nothing").floats() == [])
    #expect(try read.dataset("scalar").tensor() == Tensor(2.5 as Float))
  }

  /// What h5py wrote, written again, is the same; and again, the same bytes.
  @Test(arguments: HDF5Fixture.names) func filesOfH5pyAreWrittenAgain(name: String) throws {
    let first = try HDF5.read(HDF5.write(HDF5Fixture.read(name)), place: name)
    expectSame(try HDF5Fixture.read(name), first, name)
    #expect(try HDF5.write(first) == HDF5.write(HDF5.read(HDF5.write(first), place: name)))
  }

  @Test func randomTrees() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Random(seed)
    for _ in 0..<20 {
      let tree = randomGroup(&random, depth: 0)
      expectSame(tree, try HDF5.read(HDF5.write(tree), place: "seed \(seed)"), "seed \(seed)")
    }
  }

  @Test func aFileIsWrittenWhole() throws {
    let path = FileManager.default.temporaryDirectory.path + "/deepswift-\(UUID().uuidString).h5"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let large = Tensor.range(from: 0, to: 100_000, by: 1)
    let root = HDF5Group(members: [
      ("small", .dataset(HDF5Dataset([1, 2] as [Int64]))), ("large", .dataset(HDF5Dataset(large))),
      ("after", .dataset(HDF5Dataset(Tensor([7] as [UInt8])))),
    ])
    try HDF5.write(root, to: path)
    #expect(try HDF5.write(root) == Files.read(path))
    #expect(try HDF5.read(path).dataset("large").tensor() == large)
    #expect(throws: ModelError.self) { try HDF5.write(HDF5Group(members: [("", .group(root))]), to: path) }
    #expect(try HDF5.read(path).dataset("after").integers() == [7])
  }

  private func randomGroup(_ random: inout Random, depth: Int) -> HDF5Group {
    var group = HDF5Group()
    for i in 0..<random.int(below: 4) {
      let all: [HDF5Attribute] = [
        .string("text \(i)"), .integer(Int64(i)), .floats([0.5, 1]), .strings(["a", "b"]), .empty,
      ]
      group.attributes["attribute \(i)"] = all[random.int(below: all.count)]
    }
    for i in 0..<random.int(below: 30) {
      let name = "\(["layer", "x", "ünï"][random.int(below: 3)])_\(i)"
      if depth < 3, random.int(below: 3) == 0 {
        group[name] = .group(randomGroup(&random, depth: depth + 1))
      } else {
        let shape = Shape((0..<random.int(below: 4)).map { _ in random.int(below: 5) })
        let values = (0..<shape.count).map { _ in random.float() }
        let texts = values.map { String("\($0)".prefix(random.int(below: 8))) }
        let all = [
          HDF5Dataset(Tensor(values, shape: shape)), HDF5Dataset(values.map { Int64($0 * 1e6) }, shape: shape.dimensions),
          HDF5Dataset(values.map(Double.init), shape: shape.dimensions), HDF5Dataset(texts, shape: shape.dimensions),
        ]
        group[name] = .dataset(all[random.int(below: all.count)])
      }
    }
    return group
  }

  private func expectSame(_ a: HDF5Group, _ b: HDF5Group, _ place: String) {
    #expect(a.attributes == b.attributes, "\(place)")
    #expect(a.names.sorted() == b.names.sorted(), "\(place)")
    for (name, member) in a.members {
      switch (member, b[name]) {
      case (.group(let a), .group(let b)?): expectSame(a, b, "\(place)/\(name)")
      case (.dataset(let a), .dataset(let b)?):
        #expect(a.attributes == b.attributes && a.shape == b.shape && a.type == b.type, "\(place)/\(name)")
        if case .number = a.type {
          #expect((try? a.floats()) == (try? b.floats()), "\(place)/\(name)")
        } else {
          #expect((try? a.strings()) == (try? b.strings()), "\(place)/\(name)")
        }
      default: Issue.record("\(place)/\(name) is missing or of another kind")
      }
    }
  }
}
