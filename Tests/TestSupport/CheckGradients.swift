@testable import DeepSwiftEngine
import Testing

/// Checks the values and gradients of an expression against its twin in double precision.
///
/// Values are compared with `ReferenceEvaluator`'s, gradients toward inputs and weights with its central differences. Each
/// case runs with several numbers of rows and shards, fused and as written. Workers and the rows of a chunk must not change
/// a bit. What a program's memory held before must not matter.
package func checkGradients(
  _ inputs: Numbers..., parameters: [Numbers] = [], rows: [Int] = [1, 3, 7], seed: UInt64 = 1, tolerance: Double = 1e-4,
  sourceLocation: SourceLocation = #_sourceLocation, _ expression: (_ inputs: [Node], _ parameters: [Node]) -> Node
) {
  checkGradients(
    inputs: inputs, parameters: parameters, rows: rows, seed: seed, tolerance: tolerance, sourceLocation: sourceLocation,
    expression)
}

package func checkGradients(
  inputs: [Numbers], parameters: [Numbers] = [], rows: [Int] = [1, 3, 7], seed: UInt64 = 1, tolerance: Double = 1e-4,
  sourceLocation: SourceLocation = #_sourceLocation, _ expression: (_ inputs: [Node], _ parameters: [Node]) -> Node
) {
  let nodes = inputs.map { Input(shape: $0.shape) }, trace = Trace()
  let weights = Weights(Scope(name: "test", title: "test"), trace, isTrainable: true)
  let weightNodes = parameters.enumerated().map { weights("w\($0)", $1.shape, .zeros) }
  let output = expression(nodes, weightNodes)
  let trial = Trial(inputs: zip(nodes, inputs).map { ($0, $1) }, trace, output) { index, _ in parameters[index] }
  trial.check(rows: rows, seed: seed, tolerance: tolerance, sourceLocation)
}

/// An expression whose value and gradients the engine and the twin both compute.
struct Trial {
  let inputs: [(node: Node, numbers: Numbers)]
  let output: Node
  let penalties: [Node]
  let parameters: [(parameter: Parameter, numbers: Numbers)]
  /// The loss is `Σ output · g`, so that each element's gradient counts differently.
  private let g: [Float]
  private let loss: Node

  init(
    inputs: [(node: Node, numbers: Numbers)], _ trace: Trace, _ output: Node, numbers: (Int, Parameter) -> Numbers
  ) {
    self.inputs = inputs
    self.output = output
    penalties = trace.penalties
    parameters = trace.parameters.enumerated().map { ($1, numbers($0, $1)) }
    _ = ParameterStore(trace.parameters.filter { !$0.hasValues }, seed: 1)
    var random = Random(99)
    g = (0..<output.shape.count).map { _ in random.float() }
    loss = (output * Node(Tensor(g, shape: output.shape))).sum()
  }

  func check(rows: [Int], seed: UInt64, tolerance: Double, _ location: SourceLocation) {
    if let error = output.error ?? penalties.lazy.compactMap(\.error).first {
      Issue.record("the expression carries a fault: \(error)", sourceLocation: location)
      return
    }
    let capacity = rows.max()!
    var groups: [(name: String, programs: [(name: String, program: Program)])] = []
    for isFusing in [true, false] {
      for shards in [8, 2] {
        let programs = [(1, nil), (2, 1), (3, 2), (4, nil)].map { (workers: Int, chunk: Int?) in
          var settings = ProgramSettings()
          (settings.capacity, settings.shards, settings.workers, settings.segments.rows) = (capacity, shards, workers, chunk)
          (settings.isFusing, settings.keepsInputGradients) = (isFusing, true)
          return ("\(workers) workers, \(chunk.map(String.init) ?? "all") rows at a time", program(settings))
        }
        groups.append(("\(isFusing ? "fused" : "unfused"), \(shards) shards", programs))
      }
    }

    var random = Random(seed)
    for rows in rows {
      let data = inputs.map { $0.numbers.draw(&random, rows: rows) }
      let weights = parameters.map { $0.numbers.draw(&random) }
      let expected = reference(data, weights, rows: rows, &random)
      for (name, programs) in groups {
        let first = run(programs[0].program, data, weights, rows)
        // One report is enough of a case.
        guard compare(first, expected, tolerance, "\(rows) rows, \(name)", location) else { return }
        for (variant, program) in programs {
          // The second time, everything is in memory that the first run left.
          for time in 1...2 {
            let again = run(program, data, weights, rows)
            expectSameBits(
              again.everything, first.everything, "\(rows) rows, \(name), \(variant), run \(time)", sourceLocation: location)
          }
        }
      }
    }
  }

  // MARK: The engine

  private struct Computed {
    var output: [Float] = [], inputGradients: [[Float]] = [], gradients: [[Float]] = [], weights: [[Float]] = []
    var everything: [Float] { output + (inputGradients + gradients + weights).flatMap { $0 } }
  }

  private func program(_ settings: ProgramSettings) -> Program {
    // The rows of what all samples share can be asked for only of what is made of it sample by sample.
    let outputs = output.isPerSample ? [output] : []
    do {
      return try Program(
        inputs: inputs.map(\.node), outputs: outputs, losses: [LossTerm(loss)], penalties: penalties, settings: settings)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private func run(_ program: Program, _ data: [[Float]], _ weights: [[Float]], _ rows: Int) -> Computed {
    for (parameter, values) in zip(parameters, weights) {
      parameter.parameter.tensor = Tensor(values, shape: parameter.parameter.shape)
    }
    let samples = Samples(data, inputs.map(\.node.shape), rows: rows)
    program.spoil()
    program.run(on: samples)
    var result = Computed()
    if output.isPerSample { result.output = program.outputs(0, rows: rows, of: output) }
    for (node, _) in inputs {
      let count = rows * node.shape.count
      result.inputGradients.append(
        program.gradient(toward: node).map { Array(UnsafeBufferPointer(start: $0, count: count)) }
          ?? Array(repeating: 0, count: count))
    }
    for (parameter, _) in parameters {
      let trained = program.trained.first { $0.parameter === parameter }
      result.gradients.append(
        trained.map { Array(program.gradients[$0.offset..<$0.offset + $0.count]) }
          ?? Array(repeating: 0, count: parameter.count))
      result.weights.append(parameter.tensor.floats)
    }
    return result
  }

  // MARK: The twin

  private struct Expected {
    var output: [Double] = []
    /// Some elements of each gradient.
    var inputGradients: [[(index: Int, value: Double)]] = [], gradients: [[(index: Int, value: Double)]] = []
  }

  private func reference(_ data: [[Float]], _ weights: [[Float]], rows: Int, _ random: inout Random) -> Expected {
    let roots = [output] + penalties, order = Node.sorted(roots)
    var twin = ReferenceEvaluator()
    for (input, values) in zip(inputs, data) {
      let count = input.node.shape.count
      twin.inputs[input.node.id] = (0..<rows).map { values[$0 * count..<($0 + 1) * count].map(Double.init) }
    }
    for (parameter, values) in zip(parameters, weights) { twin.parameters[parameter.parameter.id] = values.map(Double.init) }

    let g = g.map(Double.init)
    func loss(_ values: [[[Double]]]) -> Double {
      values[0].reduce(0) { $0 + zip($1, g).reduce(0) { $0 + $1.0 * $1.1 } } / Double(values[0].count)
        + values.dropFirst().reduce(0) { $0 + $1[0][0] }
    }
    var expected = Expected()
    expected.output = twin.values(of: roots, order: order)[0].flatMap { $0 }

    let step = 1e-5
    func slope(_ move: (Double) -> Void) -> Double {
      move(step)
      let above = loss(twin.values(of: roots, order: order))
      move(-2 * step)
      let below = loss(twin.values(of: roots, order: order))
      move(step)
      return (above - below) / (2 * step)
    }
    /// All elements of a small gradient, some of a large one.
    func picked(_ count: Int, _ random: inout Random) -> [Int] {
      count <= 80 ? Array(0..<count) : (0..<80).map { _ in random.int(below: count) }
    }
    for (input, numbers) in inputs {
      let count = input.shape.count, places = numbers.isWhole ? [] : picked(rows * count, &random)
      expected.inputGradients.append(
        places.map { index in
          (index, slope { twin.inputs[input.id]![index / count][index % count] += $0 })
        })
    }
    for (parameter, _) in parameters {
      let places = parameter.isTrainable ? picked(parameter.count, &random) : []
      expected.gradients.append(
        places.map { index in
          (index, slope { twin.parameters[parameter.id]![index] += $0 })
        })
    }
    return expected
  }

  private func compare(
    _ computed: Computed, _ expected: Expected, _ tolerance: Double, _ name: String, _ location: SourceLocation
  ) -> Bool {
    var isGood = true
    if output.isPerSample {
      isGood = expectClose(
        computed.output, expected.output, tolerance: tolerance / 10, "\(name): values", sourceLocation: location)
    }
    // A gradient that is zero but for rounding is measured by the others.
    let largest = (expected.inputGradients + expected.gradients).joined().reduce(1e-4) { max($0, $1.value.magnitude) }
    func compare(_ computed: [Float], _ expected: [(index: Int, value: Double)], _ what: String) {
      let isClose = expectClose(
        expected.map { computed[$0.index] }, expected.map(\.value), tolerance: tolerance, scale: 1e-2 * largest,
        "\(name): gradient toward \(what)", sourceLocation: location)
      isGood = isGood && isClose
    }
    for index in inputs.indices { compare(computed.inputGradients[index], expected.inputGradients[index], "input \(index)") }
    for index in parameters.indices {
      compare(computed.gradients[index], expected.gradients[index], "weight \(parameters[index].parameter.name)")
    }
    return isGood
  }
}
