import DeepSwift
@testable import DeepSwiftDatasets
@testable import DeepSwiftEvaluation
@testable import DeepSwiftTraining
import Foundation
import Testing

/// Files that Python's Keras wrote (`Tests/Fixtures/kerasfiles`), with what it predicts.
struct KerasFixture {
  let path: String
  let data: [String: Tensor]

  init(_ name: String, _ ending: String = ".keras") throws {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    path = folder.path + "/Fixtures/kerasfiles/\(name)\(ending)"
    data = try Tensor.read(npz: folder.path + "/Fixtures/kerasfiles/\(name).npz")
  }

  private func named(_ letter: String, _ names: [String]) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (index, name) in names.enumerated() { tensors[name] = data["\(letter)\(index)"] }
    return tensors
  }

  /// The largest difference of the model's predictions from Keras'.
  func difference(_ model: Model, from letter: String) throws -> Float {
    let predictions = try model.predictByName(named("x", model.inputNames))
    return try model.outputNames.enumerated().reduce(0) { largest, output in
      let expected = try #require(data["\(letter)\(output.offset)"]), found = try #require(predictions[output.element])
      #expect(found.shape == expected.shape)
      return max(largest, zip(found.floats, expected.floats).reduce(0) { max($0, abs($1.0 - $1.1)) })
    }
  }

  func train(_ model: Model) throws {
    for _ in 0..<3 { _ = try model.trainOnBatch(named("x", model.inputNames), named("t", model.outputNames)) }
  }
}

@Suite struct KerasFileTests {
  @Test(arguments: [
    "dense", "nested", "operators", "more_operators", "encoder", "states", "shapes_of_inputs", "initializers",
    "separable",
  ])
  func aFileByKerasPredictsTheSameAndTrainsOn(name: String) throws {
    let fixture = try KerasFixture(name), model = try Model.load(from: fixture.path)
    #expect(try fixture.difference(model, from: "y") < 1e-5)
    try fixture.train(model)
    #expect(try fixture.difference(model, from: "later") < 1e-5)
  }

  /// Keras puts outputs that have names into alphabetical order, and counts their layers so.
  @Test func outputsByNamesAreInOrder() throws {
    let fixture = try KerasFixture("dictionary"), model = try Model.load(from: fixture.path)
    #expect(model.outputNames == ["a", "z"])
    #expect(try fixture.difference(model, from: "y") < 1e-6)
  }

  @Test(arguments: ["dense", "nested"])
  func whatIsWrittenAgainHasTheSameBitsInTheSamePlaces(name: String) throws {
    let fixture = try KerasFixture(name), folder = try TemporaryFolder()
    try Model.load(from: fixture.path).save(to: folder.path("again.keras"))
    #expect(folder.names == ["again.keras"])
    let theirs = try KerasFile(Files.map(fixture.path), place: "theirs")
    let ours = try KerasFile(Files.map(folder.path("again.keras")), place: "ours")
    var expected: [String: [UInt8]] = [:], found: [String: [UInt8]] = [:]
    func collect(_ group: HDF5Group, _ path: String, _ all: inout [String: [UInt8]]) throws {
      if let name = group.attributes["name"]?.string { all[path + "name"] = Array(name.utf8) }
      for (name, member) in group.members {
        switch member {
        case .group(let inner): try collect(inner, "\(path)\(name)/", &all)
        case .dataset(let dataset): all[path + name] = try dataset.bytes()
        }
      }
    }
    try collect(theirs.weights(), "", &expected)
    try collect(ours.weights(), "", &found)
    #expect(expected.count > 10)
    #expect(Set(found.keys) == Set(expected.keys))
    for (path, bytes) in expected where !path.hasSuffix("name") { #expect(found[path] == bytes, "\(path)") }
    expectSame(try ours.configuration(), try theirs.configuration(), "")
  }

  /// Everything that we write stands in Keras' configuration with the same value. What we leave out means nothing: Keras'
  /// types of numbers are written by their name alone, calls without what they would be called with anyhow.
  private func expectSame(_ ours: JSON, _ theirs: JSON, _ path: String) {
    switch (ours, theirs) {
    case (.object(let a), .object(let b)):
      for key in a.keys where !["compile_config", "build_config", "kwargs"].contains(key) {
        guard let other = b[key] else {
          #expect(a[key] == .null || key == "dtype", "\(path)/\(key) is not in Keras' file")
          continue
        }
        if key == "dtype" {
          #expect(KerasAttributes.isFloat32(other), "\(path)/\(key)")
        } else {
          expectSame(a[key] ?? .null, other, "\(path)/\(key)")
        }
      }
      for key in b.keys where a[key] == nil {
        let isOther = ["compile_config", "build_config", "shared_object_id", "dtype"].contains(key)
        #expect(isOther || KerasAttributes.isNeutral(key, b[key] ?? .null), "\(path)/\(key) is missing in ours")
      }
    case (.array(let a), .array(let b)):
      #expect(a.count == b.count, "\(path)")
      for (index, pair) in zip(a, b).enumerated() { expectSame(pair.0, pair.1, "\(path)/\(index)") }
    default:
      #expect(ours == theirs || ours.double.map { Float($0) } == theirs.double.map { Float($0) } && ours.double != nil, "\(path)")
    }
  }

  @Test func weightsAloneGoToAndFro() throws {
    let fixture = try KerasFixture("dense"), folder = try TemporaryFolder()
    let model = try Model.load(from: fixture.path), copy = try Model.load(from: fixture.path)
    try model.saveWeights(to: folder.path("w.weights.h5"))
    try copy.setWeights(Dictionary(uniqueKeysWithValues: copy.parameters.map { ($0.name, Tensor.zeros($0.parameter.shape)) }))
    #expect(try copy.loadWeights(from: folder.path("w.weights.h5")).isComplete)
    #expect(try fixture.difference(copy, from: "y") < 1e-6)
    #expect(try copy.loadWeights(from: fixture.path).isComplete)
  }

  @Test(arguments: ["keras2", "keras2_functional", "keras3"])
  func oldWholeModelsAreRead(name: String) throws {
    let fixture = try KerasFixture(name, ".h5"), model = try Model.load(from: fixture.path)
    #expect(try fixture.difference(model, from: "y") < 1e-6)
    try fixture.train(model)
    #expect(try fixture.difference(model, from: "later") < 1e-5)
    let weights = try Model.load(from: fixture.path, compile: false)
    #expect(try weights.loadWeights(from: fixture.path).isComplete)
  }

  @Test func outputsWithoutMetricsOfKeras2() throws {
    let model = try Model.load(from: KerasFixture("keras2_functional", ".h5").path)
    #expect(model.compilation?.metrics.map(\.count) == [1, 0])
  }

  @Test func aSequentialIsAskedFor() throws {
    let dense = try KerasFixture("dense"), nested = try KerasFixture("nested")
    #expect(try Sequential.load(from: dense.path).layers.count == 3)
    #expect { try Sequential.load(from: nested.path) } throws: { "\($0)".contains("not a Sequential") }
    #expect { try Model.load(from: "nowhere.keras") } throws: { "\($0)".contains("nowhere.keras") }
  }

  @Test func damagedFilesAreRefused() throws {
    let fixture = try KerasFixture("dense"), bytes = try Files.read(fixture.path)
    func load(_ bytes: [UInt8]) throws {
      _ = try KerasFile(Storage(copying: bytes), place: "a.keras").model()
    }
    try load(bytes)
    #expect(throws: ModelError.self) { try load(Array(bytes.dropLast(100))) }
    var damaged = bytes
    damaged[bytes.count / 2] ^= 1
    #expect { try load(damaged) } throws: { "\($0)".contains("checksum") }
    var empty = ZipWriter()
    empty.add("config.json", Array("{}".utf8))
    #expect(throws: ModelError.self) { try load(empty.finished(place: "")) }
  }
}
