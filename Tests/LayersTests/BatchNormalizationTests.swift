@testable import DeepSwiftEngine
import DeepSwiftLayers
import TestSupport
import Testing

@Suite struct BatchNormalizationTests {
  private let names = ["gamma", "beta", "moving_mean", "moving_variance"]

  @Test func contract() {
    checkLayer(BatchNormalization(), input: [4], output: [4], weights: names)
    checkLayer(BatchNormalization(momentum: 0.5, epsilon: 0.1), input: [3, 2, 4], output: [3, 2, 4], weights: names)
  }

  @Test func withoutScaleOrCenter() {
    checkLayer(
      BatchNormalization(epsilon: 0.1, scale: false), input: [4], output: [4],
      weights: ["beta", "moving_mean", "moving_variance"])
    checkLayer(
      BatchNormalization(epsilon: 0.1, center: false, scale: false), input: [3, 4], output: [3, 4],
      weights: ["moving_mean", "moving_variance"])
  }

  @Test func anotherAxis() {
    checkLayer(BatchNormalization(axis: 1, epsilon: 0.1), input: [3, 2, 4], output: [3, 2, 4], weights: names)
    checkLayer(BatchNormalization(axis: -2, epsilon: 0.1), input: [3, 2, 4], output: [3, 2, 4], weights: names)
  }

  /// The numbers are those of Keras' BatchNormalization(axis=1, epsilon=0.1) while training.
  @Test func anotherAxisAsInKeras() throws {
    let scope = Scope(name: "layer", title: "layer"), trace = Trace(), x = Input(shape: [2, 3])
    let layer = BatchNormalization(axis: 1, epsilon: 0.1)
    let y = layer.forward(x, Weights(scope, trace, isTrainable: true))
    let store = ParameterStore(trace.parameters, seed: 1)
    let program = try Program(inputs: [x], outputs: [y], losses: [LossTerm(y)], settings: ProgramSettings())
    program.run(on: Samples([(0..<12).map { Float($0 * $0) }], [[2, 3]], rows: 2))
    expectClose(
      program.outputs(0, rows: 2, of: y),
      [
        -1.012203, -0.972767, -0.854457, -1.13378, -0.973986, -0.768535,
        0.40751, 0.920185, 1.511732, 0.509821, 0.943548, 1.422932,
      ], tolerance: 1e-5, "output")
    let moving = Dictionary(uniqueKeysWithValues: store.parameters.map { ($0.name, $0.tensor.floats) })
    expectClose(moving["moving_mean"]!, [0.2566667, 0.5866666], tolerance: 1e-5, "moving mean")
    expectClose(moving["moving_variance"]!, [7.418888, 20.178886], tolerance: 1e-5, "moving variance")
  }

  @Test func refusals() {
    checkRefusal(BatchNormalization(), of: [], saying: "[]")
    checkRefusal(BatchNormalization(axis: 0), of: [3, 4], saying: "axis 0", "[3, 4]")
    checkRefusal(BatchNormalization(axis: 3), of: [3, 4], saying: "axis 3", "[3, 4]")
  }
}
