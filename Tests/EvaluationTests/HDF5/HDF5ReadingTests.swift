import DeepSwift
import DeepSwiftEvaluation
import TestSupport
import Testing

/// Files of h5py and Keras against what h5py finds in them.
@Suite struct HDF5ReadingTests {
  @Test(arguments: HDF5Fixture.names) func everythingInAFile(name: String) throws {
    compare(try HDF5Fixture.read(name), HDF5Fixture.expected(name), name)
  }

  private func compare(_ group: HDF5Group, _ expected: Fixture, _ place: String) {
    compare(group.attributes, expected("attributes"), place)
    // In the order of the names, or of creation where it is kept; JSON has none.
    #expect(group.names.sorted() == expected("members").keys.sorted(), "\(place)")
    for (name, member) in group.members {
      guard let described = expected("members")[name] else { continue }
      switch member {
      case .group(let group): compare(group, described, "\(place)/\(name)")
      case .dataset(let dataset): compare(dataset, described, "\(place)/\(name)")
      }
    }
  }

  private func compare(_ dataset: HDF5Dataset, _ expected: Fixture, _ place: String) {
    compare(dataset.attributes, expected("attributes"), place)
    #expect(dataset.shape == expected("shape").ints, "\(place)")
    do {
      switch dataset.type {
      case .fixedString, .variableString:
        #expect(try dataset.strings() == expected("values").strings, "\(place)")
      default:
        let found = try dataset.floats(), values = expected("values").doubles
        #expect(found.prefix(100).map(Double.init) == values.map { Double(Float($0)) }, "\(place)")
        if let sum = expected["sum"]?.double {
          let places = found.enumerated().map { Double($1) * Double($0 % 97 + 1) }
          #expect(places.reduce(0, +) == sum, "\(place)")
        }
        if expected("type").string?.contains("int") == true {
          #expect(try dataset.integers().prefix(100).map(Double.init) == values, "\(place)")
        }
      }
    } catch { Issue.record("\(place): \(error)") }
  }

  private func compare(_ attributes: [String: HDF5Attribute], _ expected: Fixture, _ place: String) {
    let stored = expected.value as? [String: Any] ?? [:]
    #expect(attributes.keys.sorted() == stored.keys.sorted(), "\(place)")
    for (name, attribute) in attributes {
      let value = Fixture(stored[name] as Any)
      let place = "\(place), attribute \(name)"
      switch attribute {
      case .string(let text): #expect(text == value.string, "\(place)")
      case .strings(let texts): #expect(texts == value.strings, "\(place)")
      case .integer(let number): #expect(Double(number) == value.double, "\(place)")
      case .integers(let numbers): #expect(numbers.map(Double.init) == value.doubles, "\(place)")
      case .float(let number): #expect(number == value.double, "\(place)")
      case .floats(let numbers): #expect(numbers == value.doubles, "\(place)")
      case .empty: #expect(value.text.contains("null"), "\(place)")
      case .unsupported(let kind): Issue.record("\(place): \(kind)")
      }
    }
  }

  @Test func typesAreTold() throws {
    let root = try HDF5Fixture.read("kinds_earliest.h5")
    #expect(try root.dataset("u2_big").type == .number(.uint16))
    #expect(try root.dataset("f2_little").type == .number(.float16))
    #expect(try root.dataset("truth").type == .number(.bool))
    #expect(try root.dataset("truth").tensor() == Tensor([1, 0, 0, 1] as [UInt8], shape: [2, 2]))
    #expect(try root.dataset("fixed").type == .fixedString(7))
    #expect(try root.dataset("variable").type == .variableString)
    #expect(try root.dataset("i4_big").tensor().elementType == .int32)
    #expect(root.attributes["truth"] == .integer(1))
    #expect(root.attributes["empty"] == .empty)
  }

  @Test func ordersOfCreationAreKept() throws {
    #expect(try HDF5Fixture.read("ordered.h5").names == ["z", "a", "m"])
    #expect(try HDF5Fixture.read("ordered_many.h5").names == (0..<50).map { "n\($0 * 7 % 50)" })
    #expect(try HDF5Fixture.read("many_latest.h5").group("many").names.prefix(3) == ["0", "1", "10"])
  }

  @Test func pathsLeadToMembers() throws {
    let root = try HDF5Fixture.read("keras.weights.h5")
    let kernel = try root.dataset("layers/dense/vars/0")
    #expect(kernel.shape == [4, 3])
    #expect(kernel.type == .number(.float32))
    guard case .dataset(let same)? = root[path: "/layers/dense/vars/0"] else { return #expect(Bool(false)) }
    #expect(try same.tensor() == kernel.tensor())
    #expect(try root.group("layers/dense_1").names == ["vars"])
    #expect(root[path: "layers/none"] == nil)
    #expect(message { _ = try root.dataset("layers/none/vars/0") }.contains("has no member \"none\", only"))
    #expect(message { _ = try root.dataset("layers/dense") }.contains("is a group, expected a data set"))
    #expect(message { _ = try root.group("layers/dense/vars/0") }.contains("is a data set, expected a group"))
    #expect(message { _ = try root.group("layers/dense/vars/0/x") }.contains("would lie in a data set"))
  }

  @Test func aFileInsideOfAnotherIsRead() throws {
    let bytes = try HDF5Fixture.bytes("weights_earliest.h5")
    let storage = Storage(byteCount: bytes.count + 300)
    for i in 0..<storage.byteCount { storage.bytes.storeBytes(of: 7, toByteOffset: i, as: UInt8.self) }
    for (i, byte) in bytes.enumerated() { storage.bytes.storeBytes(of: byte, toByteOffset: 100 + i, as: UInt8.self) }
    let root = try HDF5.read(storage, range: 100..<100 + bytes.count, place: "zip")
    compare(root, HDF5Fixture.expected("weights_earliest.h5"), "zip")
  }
}
