@testable import DeepSwiftEngine
import TestSupport

/// A small network with all that a training step has: convolutions, batch statistics, pooling, dropout, dense layers, a
/// penalty, an optimizer.
final class SmallNet {
  let program: Program
  private let store: ParameterStore
  private let state: OptimizerState
  private let samples: [Samples]
  private(set) var steps = 0

  init(
    workers: Int = 2, chunk: Int? = nil, shards: Int = 8, capacity: Int = 12, rows: [Int] = [12], isFusing: Bool = true,
    clipping: Clipping? = nil
  ) {
    let trace = Trace(), x = Input(shape: [8, 8, 3]), label = Input(shape: [])
    let w = Weights(Scope(name: "net", title: "net"), trace, isTrainable: true)
    var h = (x * (2 / 255) - 1).convolved(w("kernel", [3, 3, 3, 8], .glorotUniform), padding: .same)
    h = (h + w("bias", [8], .zeros)).batchNormalized(
      gamma: w("gamma", [8], .ones), beta: w("beta", [8], .zeros),
      movingMean: w("mean", [8], .zeros, trainable: false), movingVariance: w("variance", [8], .ones, trainable: false),
      momentum: 0.9, epsilon: 1e-3, isFrozen: false)
    h = relu(h).convolved(w("kernel_1", [3, 3, 8, 16], .glorotUniform), padding: .same)
    h = relu(h + w("bias_1", [16], .zeros)).maxPooled((2, 2)).droppedOut(0.25, key: 1).flattened()
    h = relu(h.matmul(w("kernel_2", [256, 40], .glorotUniform, regularizer: .l2)) + w("bias_2", [40], .zeros))
    let p = softmax(h.matmul(w("kernel_3", [40, 10], .glorotUniform)) + w("bias_3", [10], .zeros))
    store = ParameterStore(trace.parameters, seed: 3)

    var settings = ProgramSettings()
    (settings.workers, settings.shards, settings.capacity) = (workers, shards, capacity)
    (settings.segments.rows, settings.isFusing) = (chunk, isFusing)
    var made: OptimizerState?
    program = try! Program(
      inputs: [x, label], outputs: [p], losses: [LossTerm(p.sparseCrossEntropy(labels: label, fromLogits: false))],
      penalties: trace.penalties, settings: settings
    ) { plan, trained in
      let state = OptimizerState(trained.map(\.parameter), slotCount: 1)
      made = state
      plan.update(trained, state, clipping: clipping, decay: 0) { $0.descend(momentum: 0.9, nesterov: false) }
    }
    state = made!

    var random = Random(8)
    samples = rows.map { rows in
      let images = (0..<rows * 192).map { _ in UInt8(random.int(below: 256)) }
      let labels = (0..<rows).map { _ in Int32(random.int(below: 10)) }
      return Samples(
        [Tensor(images, shape: [rows, 8, 8, 3]), Tensor(labels, shape: [rows])], order: Array((0..<rows).reversed()))
    }
  }

  func step() {
    let samples = samples[steps % samples.count]
    program.run(on: samples, number: UInt32(steps), learningRate: 0.05, seed: 5)
    steps += 1
  }

  /// All weights after some steps.
  func trained(steps: Int) -> [Float] {
    program.spoil()
    for _ in 0..<steps { step() }
    return store.snapshot
  }
}
