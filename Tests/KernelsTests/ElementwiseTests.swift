import DeepSwiftKernels
import Foundation
import Testing

/// A function of one number in double precision, with its derivative and where to try it.
struct Unary: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let function: ds_unary
  let low: Float, high: Float
  let value: @Sendable (Double) -> Double
  let slope: @Sendable (Double) -> Double

  static let all: [Unary] = [
    .init("relu", ds_relu, -3, 3, { max($0, 0) }, { $0 > 0 ? 1 : 0 }),
    .init("sigmoid", ds_sigmoid, -20, 20, { 1 / (1 + exp(-$0)) }, { 1 / (1 + exp(-$0)) / (1 + exp($0)) }),
    .init("tanh", ds_tanh, -10, 10, { tanh($0) }, { 1 - tanh($0) * tanh($0) }),
    .init("exp", ds_exp, -4, 4, { exp($0) }, { exp($0) }),
    .init("log", ds_log, 0.01, 9, { log($0) }, { 1 / $0 }),
    .init("squareRoot", ds_square_root, 0.01, 9, { $0.squareRoot() }, { 0.5 / $0.squareRoot() }),
    .init("absolute", ds_absolute, -3, 3, { abs($0) }, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }),
    .init("negative", ds_negative, -3, 3, { -$0 }, { _ in -1 }),
    .init("square", ds_square, -3, 3, { $0 * $0 }, { 2 * $0 }),
    .init("reciprocal", ds_reciprocal, 0.1, 3, { 1 / $0 }, { -1 / ($0 * $0) }),
    .init("erf", ds_erf, -4, 4, { erf($0) }, { 2 / Double.pi.squareRoot() * exp(-$0 * $0) }),
    .init("sign", ds_sign, -3, 3, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, { _ in 0 }),
    .init("softplus", ds_softplus, -30, 30, { max($0, 0) + log1p(exp(-abs($0))) }, { 1 / (1 + exp(-$0)) }),
    .init("log1p", ds_log1p, -0.9, 9, { log1p($0) }, { 1 / (1 + $0) }),
    .init("expm1", ds_expm1, -4, 4, { expm1($0) }, { exp($0) }),
    .init("sine", ds_sine, -9, 9, { sin($0) }, { cos($0) }),
    .init("cosine", ds_cosine, -9, 9, { cos($0) }, { -sin($0) }),
    .init("floor", ds_floor, -3, 3, { $0.rounded(.down) }, { _ in 0 }),
    .init("round", ds_round, -3, 3, { $0.rounded(.toNearestOrEven) }, { _ in 0 }),
  ]

  private init(
    _ name: String, _ function: ds_unary, _ low: Float, _ high: Float, _ value: @escaping @Sendable (Double) -> Double,
    _ slope: @escaping @Sendable (Double) -> Double
  ) {
    (testDescription, self.function, self.low, self.high, self.value, self.slope) = (
      name, function, low, high, value, slope
    )
  }
}

@Suite(.watchedMemory) struct ElementwiseTests {
  @Test(arguments: instructionSets, Unary.all) func functionsOfOneNumber(set: String, unary: Unary) {
    let k = kernels(set)
    var random = Random(1)
    for count in [0, 1, 2, 3, 5, 15, 16, 17, 33, 100] {
      let numbers = random.floats(count, unary.low, unary.high), gradients = random.floats(count)
      let x = Floats(numbers), y = Floats.empty(count), dy = Floats(gradients), dx = Floats.empty(count, atStart: true)
      k.unary(unary.function, count, x.p, y.p)
      expectClose(y.values, numbers.doubles.map(unary.value), 3e-7)
      k.unary_backward(unary.function, count, x.p, y.p, dy.p, dx.p)
      expectClose(dx.values, zip(numbers.doubles, gradients.doubles).map { unary.slope($0) * $1 }, 1e-6, atLeast: 1)
      k.unary_backward(unary.function, count, x.p, y.p, dy.p, dy.p)
      expectSame(dy.values, dx.values, "in place")
      k.unary(unary.function, count, x.p, x.p)
      expectSame(x.values, y.values, "in place")
    }
  }

  @Test(arguments: instructionSets) func accuracy(set: String) {
    let k = kernels(set)
    func worst(_ function: ds_unary, _ low: Float, _ high: Float, _ exact: (Double) -> Double) -> Double {
      let count = 20_000
      let numbers = (0..<count).map { low + (high - low) * Float($0) / Float(count) }
      let x = Floats(numbers), y = Floats.empty(count)
      k.unary(function, count, x.p, y.p)
      return zip(numbers, y.values).map { abs(Double($1) / exact(Double($0)) - 1) }.filter { !$0.isNaN }.max()!
    }
    #expect(worst(ds_exp, -87, 88.7, { exp($0) }) < 1.3e-7)
    #expect(worst(ds_sigmoid, -80, 40, { 1 / (1 + exp(-$0)) }) < 3e-7)
    #expect(worst(ds_tanh, -9, 9, { tanh($0) }) < 4e-7)
    #expect(worst(ds_tanh, 1e-8, 1e-3, { tanh($0) }) < 4e-7)
    #expect(worst(ds_log, 1.01, 1e30, { log($0) }) < 3e-7)
    #expect(worst(ds_log, 1000 * .leastNonzeroMagnitude, 1e-37, { log($0) }) < 3e-7)
    #expect(worst(ds_log, 0.5, 0.99, { log($0) }) < 3e-7)
    #expect(worst(ds_log1p, 1e-9, 1e-2, { log1p($0) }) < 3e-7)
    #expect(worst(ds_log1p, -0.9, 1e6, { log1p($0) }) < 3e-7)
    #expect(worst(ds_softplus, -80, 80, { max($0, 0) + log1p(exp(-abs($0))) }) < 5e-7)
    #expect(worst(ds_erf, 1e-6, 5, { erf($0) }) < 1e-6)
  }

  @Test(arguments: instructionSets) func limits(set: String) {
    let k = kernels(set)
    func value(_ function: ds_unary, _ x: Float) -> Float {
      let x = Floats([x]), y = Floats.empty(1)
      k.unary(function, 1, x.p, y.p)
      return y.values[0]
    }
    #expect(value(ds_exp, -.infinity) == 0)
    #expect(value(ds_exp, .infinity) == .infinity)
    #expect(value(ds_exp, 100) == .infinity)
    #expect(value(ds_exp, 88.72) < .infinity)
    #expect(value(ds_exp, -200) == 0)
    #expect(value(ds_exp, 0) == 1)
    #expect(value(ds_sigmoid, -.infinity) == 0)
    #expect(value(ds_sigmoid, .infinity) == 1)
    #expect(value(ds_tanh, .infinity) == 1)
    #expect(value(ds_tanh, -.infinity) == -1)
    #expect(value(ds_softplus, 200) == 200)
    #expect(value(ds_softplus, -.infinity) == 0)
    #expect(value(ds_erf, .infinity) == 1)
    #expect(value(ds_log, 0) == -.infinity)
    #expect(value(ds_log, .infinity) == .infinity)
    #expect(value(ds_log, 1) == 0)
    #expect(value(ds_log, -1).isNaN)
    #expect(value(ds_log1p, -1) == -.infinity)
    #expect(value(ds_log1p, .infinity) == .infinity)
    #expect(value(ds_log1p, -2).isNaN)
    #expect(value(ds_round, 0.5) == 0)
    #expect(value(ds_round, 2.5) == 2)
    #expect(value(ds_round, -1.5) == -2)
    for unary in Unary.all { #expect(value(unary.function, .nan).isNaN, "\(unary.testDescription) swallows NaN") }
  }

  @Test(arguments: instructionSets) func sumsAndBiases(set: String) {
    let k = kernels(set)
    var random = Random(2)
    for count in [0, 1, 7, 16, 31, 50] {
      let a = random.floats(count), b = random.floats(count), bias = Floats(b)
      let x = Floats(a), y = Floats.empty(count)
      k.add(count, x.p, bias.p, 0, y.p)
      expectClose(y.values, zip(a, b).map { Double($0) + Double($1) })
      k.add(count, x.p, bias.p, 1, y.p)
      expectClose(y.values, zip(a, b).map { max(Double($0) + Double($1), 0) })
      let rows = Floats(a + a + a), z = Floats.empty(3 * count)
      k.add_bias(3, count, rows.p, bias.p, 1, z.p)
      expectSame(z.values, y.values + y.values + y.values)
      k.add_masked(count, x.p, bias.p, bias.p, y.p)
      expectClose(y.values, zip(a, b).map { $1 > 0 ? Double($0) + Double($1) : 0 })
      k.affine(count, 3, -2, x.p, y.p)
      expectClose(y.values, a.doubles.map { 3 * $0 - 2 })
      k.mask_gradient(count, bias.p, x.p, y.p)
      #expect(y.values == zip(a, b).map { $0 > 0 ? $1 : 0 })
      k.fill(count, 7, y.p)
      #expect(y.values == [Float](repeating: 7, count: count))
      k.scale(count, 0.5, y.p)
      #expect(y.values == [Float](repeating: 3.5, count: count))
      k.clamp(count, -0.25, 0.5, x.p)
      #expect(x.values == a.map { min(max($0, -0.25), 0.5) })
      #expect(abs(k.sum_of_squares(count, bias.p) - b.doubles.reduce(0) { $0 + $1 * $1 }) < 1e-12)
    }
    let none = Floats([.nan])
    k.clamp(1, -1, 1, none.p)
    #expect(none.values[0].isNaN)
    k.add(1, none.p, none.p, 1, none.p)
    #expect(none.values[0].isNaN)
  }

  @Test(arguments: Unary.all) func wideSetsAgree(unary: Unary) {
    var random = Random(3)
    let numbers = random.floats(37, unary.low, unary.high), gradients = random.floats(37)
    expectSameOnWideSets { k in
      let x = Floats(numbers), y = Floats.empty(37), dy = Floats(gradients), dx = Floats.empty(37)
      k.unary(unary.function, 37, x.p, y.p)
      k.unary_backward(unary.function, 37, x.p, y.p, dy.p, dx.p)
      return y.values + dx.values
    }
  }
}
