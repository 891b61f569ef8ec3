@testable import DeepSwiftEngine
import DeepSwiftLayers
import Foundation
import TestSupport
import Testing

@Suite struct NormalizationTests {
  private let names = ["mean", "variance", "count"]

  @Test func contract() {
    checkLayer(Normalization(), input: [3, 2], output: [3, 2], weights: names)
    checkLayer(Normalization(axis: 1, invert: true), input: [3, 2], output: [3, 2], weights: names)
    checkLayer(Normalization(axis: nil, mean: 0.5, variance: 4, name: "given"), input: [3, 2], output: [3, 2])
    checkLayer(Normalization(mean: [0.5, 1], variance: [4, 0.25], invert: true), input: [3, 2], output: [3, 2])
  }

  private func apply(_ layer: Normalization, _ rows: [[Float]]) throws -> [Float] {
    let x = Input(shape: [rows[0].count]), scope = Scope(name: "layer", title: "layer")
    let y = layer.forward(x, Weights(scope, Trace(), isTrainable: true))
    let store = ParameterStore(scope.parameters, seed: 1)
    defer { withExtendedLifetime(store) {} }
    return try run(y, of: x, rows)
  }

  /// The examples of Keras' documentation.
  @Test func adaptingAsInKeras() throws {
    var layer = Normalization()
    let data: Tensor = [[0.0, 7.0, 4.0], [2.0, 9.0, 6.0], [0.0, 7.0, 4.0], [2.0, 9.0, 6.0]]
    try layer.adapt(data)
    expectClose(try apply(layer, [[0, 7, 4]]), [-1, -1, -1] as [Double])
    layer.invert = true
    expectClose(try apply(layer, [[1, 2, 3]]), [2, 10, 8] as [Double])
    // Without having seen data, nothing changes.
    #expect(try apply(Normalization(), [[1, 2]]) == [1, 2])
    expectClose(
      try apply(Normalization(axis: nil, mean: 3, variance: 2), [[1], [2], [3]]), [-1.4142135, -0.70710677, 0] as [Double])
  }

  @Test func wholeNumbersAndBytes() throws {
    let layer = try Normalization(axis: nil).adapted(to: Tensor([0, 50, 100, 250] as [UInt8], shape: [2, 2]))
    expectClose(try apply(layer, [[100]]), [0] as [Double])
  }

  @Test func batchesAreAddedUp() throws {
    let data = Tensor.random(uniform: 0...1000, shape: [30, 3], seed: 4) + 1e4
    let whole = try Normalization().adapted(to: data)
    var parts = Normalization()
    try parts.adapt(to: [data[0..<7], data[7..<8], data[8..<30]])
    expectClose(try apply(parts, [[1e4, 10100, 10200]]), try apply(whole, [[1e4, 10100, 10200]]), tolerance: 1e-5)
  }

  @Test func badDataAreRefusedAndChangeNothing() throws {
    var layer = try Normalization().adapted(to: [[1.0], [3.0]])
    #expect(throws: ModelError.self) { try layer.adapt(Tensor([1, .nan] as [Float], shape: [2, 1])) }
    #expect(throws: ModelError.self) { try layer.adapt(Tensor.zeros([0, 1])) }
    #expect(throws: ModelError.self) { try layer.adapt(to: [] as [Tensor]) }
    #expect(throws: ModelError.self) { try layer.adapt(to: [Tensor.ones([1, 1]), Tensor.ones([1, 2])]) }
    #expect(throws: ModelError.self) { try layer.adapt(Tensor([1, 2] as [Float])) }
    expectClose(try apply(layer, [[3]]), [1] as [Double])
    var given = Normalization(mean: 1, variance: 1)
    #expect(throws: ModelError.self) { try given.adapt([[1.0]]) }
  }

  /// What was measured is no setting: it lives in the weights.
  @Test func filesHaveKerasFields() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let adapted = try Normalization().adapted(to: [[1.0], [3.0]])
    #expect(String(decoding: try encoder.encode(adapted), as: UTF8.self) == #"{"axis":[-1],"invert":false}"#)
    let given = Normalization(axis: nil, mean: 3, variance: [1.5])
    #expect(String(decoding: try encoder.encode(given), as: UTF8.self) == #"{"axis":[],"invert":false,"mean":3,"variance":1.5}"#)
    let nested = #"{"axis": [1], "invert": true, "mean": [[1], [2]], "variance": [[3], [4]]}"#
    let read = try JSONDecoder().decode(Normalization.self, from: Data(nested.utf8))
    #expect(read.mean == [1, 2] && read.variance == [3, 4] && read.invert)
  }

  @Test func refusals() throws {
    checkRefusal(Normalization(axis: 0), of: [4], saying: "axis 0", "[4]")
    checkRefusal(Normalization(axis: 2), of: [4], saying: "axis 2", "[4]")
    checkRefusal(Normalization(mean: 1), of: [4], saying: "together")
    checkRefusal(Normalization(mean: [1, 2], variance: [1, 2]), of: [4], saying: "4", "2")
    checkRefusal(try Normalization().adapted(to: [[1.0, 2.0]]), of: [4], saying: "[2]", "[4]")
  }
}
