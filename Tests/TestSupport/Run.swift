@testable import DeepSwiftEngine

/// The rows of `y` for these rows of its one input.
package func run(
  _ y: Node, of x: Node, _ rows: [[Float]], mode: Mode = .inference, isFusing: Bool = true
) throws -> [Float] {
  var settings = ProgramSettings()
  (settings.mode, settings.capacity, settings.isFusing) = (mode, rows.count, isFusing)
  let program = try Program(inputs: [x], outputs: [y], settings: settings)
  let samples = Samples([rows.flatMap { $0 }], [x.shape], rows: rows.count)
  program.spoil()
  program.run(on: samples)
  return program.outputs(0, rows: rows.count, of: y)
}

/// The gradient of the sum of all elements of `y` toward its one input.
package func gradient(of y: Node, toward x: Node, _ rows: [[Float]], isFusing: Bool = true) throws -> [Float] {
  var settings = ProgramSettings()
  (settings.capacity, settings.keepsInputGradients, settings.isFusing) = (rows.count, true, isFusing)
  let loss = LossTerm(y.sum(), weight: Float(rows.count))
  let program = try Program(inputs: [x], outputs: [], losses: [loss], settings: settings)
  let samples = Samples([rows.flatMap { $0 }], [x.shape], rows: rows.count)
  program.spoil()
  program.run(on: samples)
  let count = rows.count * x.shape.count
  return program.gradient(toward: x).map { Array(UnsafeBufferPointer(start: $0, count: count)) }
    ?? Array(repeating: 0, count: count)
}
