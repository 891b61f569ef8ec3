@testable import DeepSwiftEngine
import DeepSwiftLayers
import Foundation
import Testing

/// The contract of a layer, checked in one call: the shape that comes out, the names of its weights, gradients by central
/// differences in double, a batch equal to its rows one by one, and the same numbers after a way through JSON.
///
/// - Parameters:
///   - trains: `false` for a layer that is random while training; then only inference is checked.
///   - isCodable: `false` for a layer that says it cannot be stored.
package func checkLayer(
  _ layer: some Layer, input: Numbers, output: Shape, weights: [String] = [], trains: Bool = true, isCodable: Bool = true,
  tolerance: Double = 1e-4, sourceLocation: SourceLocation = #_sourceLocation
) {
  checkLayer(
    layer, inputs: [input], output: output, weights: weights, trains: trains, isCodable: isCodable, tolerance: tolerance,
    sourceLocation: sourceLocation)
}

package func checkLayer<L: Layer>(
  _ layer: L, inputs: [Numbers], output: Shape, weights: [String] = [], trains: Bool = true, isCodable: Bool = true,
  tolerance: Double = 1e-4, sourceLocation: SourceLocation = #_sourceLocation
) {
  let scope = Scope(name: "layer", title: "layer (\(L.self))"), nodes = inputs.map { Input(shape: $0.shape) }
  let trace = Trace(), y = layer.output(for: nodes, Weights(scope, trace, isTrainable: true))
  guard y.error == nil else {
    Issue.record("\(y.error!)", sourceLocation: sourceLocation)
    return
  }
  let names = scope.parameters.map(\.name)
  if y.shape != output { Issue.record("output has shape \(y.shape), expected \(output)", sourceLocation: sourceLocation) }
  if names != weights { Issue.record("weights are \(names), expected \(weights)", sourceLocation: sourceLocation) }

  let trial = Trial(inputs: zip(nodes, inputs).map { ($0, $1) }, trace, y) { _, parameter in
    // What starts at one divides or scales, and stays positive.
    parameter.initializer is Ones ? Numbers(parameter.shape, from: 0.5, to: 1.5) : Numbers(parameter.shape)
  }
  if trains { trial.check(rows: [1, 3, 7], seed: 1, tolerance: tolerance, sourceLocation) }

  var random = Random(2)
  let rows = 5, data = inputs.map { $0.draw(&random, rows: rows) }
  for (parameter, numbers) in trial.parameters {
    parameter.tensor = Tensor(numbers.draw(&random), shape: parameter.shape)
  }
  func infer(_ layer: some Layer, capacity: Int) -> [Float] {
    let node = layer.output(for: nodes, Weights(scope, Trace(), isTrainable: true))
    var settings = ProgramSettings()
    settings.mode = .inference
    settings.capacity = capacity
    guard let program = try? Program(inputs: nodes, outputs: [node], settings: settings) else { return [] }
    let shapes = inputs.map(\.shape)
    return stride(from: 0, to: rows, by: capacity).flatMap { first in
      let part = zip(data, shapes).map { Array($0[first * $1.count..<(first + capacity) * $1.count]) }
      let samples = Samples(part, shapes, rows: capacity)
      program.spoil()
      program.run(on: samples)
      return program.outputs(0, rows: capacity, of: node)
    }
  }
  let batch = infer(layer, capacity: rows)
  expectClose(infer(layer, capacity: 1), batch, "rows one by one", sourceLocation: sourceLocation)

  var twin = ReferenceEvaluator(mode: .inference)
  for (index, node) in nodes.enumerated() {
    let count = node.shape.count
    twin.inputs[node.id] = (0..<rows).map { data[index][$0 * count..<($0 + 1) * count].map(Double.init) }
  }
  for (parameter, _) in trial.parameters { twin.parameters[parameter.id] = parameter.tensor.floats.map(Double.init) }
  let expected = twin.values(of: [y])[0].flatMap { $0 }
  expectClose(batch, expected, tolerance: tolerance / 10, "inference", sourceLocation: sourceLocation)

  guard isCodable else { return }
  do {
    let copy = try JSONDecoder().decode(L.self, from: JSONEncoder().encode(layer))
    expectSameBits(infer(copy, capacity: rows), batch, "after JSON", sourceLocation: sourceLocation)
    if copy.name != layer.name { Issue.record("the name is lost in JSON", sourceLocation: sourceLocation) }
  } catch {
    Issue.record("cannot go through JSON: \(error)", sourceLocation: sourceLocation)
  }
}

/// Checks that a layer refuses these inputs, with a text that names all of `words`.
package func checkRefusal(
  _ layer: some Layer, of inputs: Shape..., saying words: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
  let weights = Weights(Scope(name: "layer", title: "layer"), Trace(), isTrainable: true)
  let node = layer.output(for: inputs.map { Input(shape: $0) }, weights)
  guard let error = node.error else {
    Issue.record("took \(inputs) and gives \(node.shape)", sourceLocation: sourceLocation)
    return
  }
  for word in words where !error.description.contains(word) {
    Issue.record("\"\(error)\" does not say \"\(word)\"", sourceLocation: sourceLocation)
  }
}
