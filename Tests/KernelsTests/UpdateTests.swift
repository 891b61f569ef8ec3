import DeepSwiftKernels
import Foundation
import Testing

@Suite(.watchedMemory) struct UpdateTests {
  /// Three steps with gradients t * (.1, -.2, .3) from weights (1, -2, 3), as in Keras' own results.
  static func steps(_ step: (Int, Floats, Floats) -> Void) -> [Float] {
    let w = Floats([1, -2, 3])
    for t in 1...3 { step(t, Floats([0.1, -0.2, 0.3].map { Float(t) * $0 }), w) }
    return w.values
  }

  static func zeros(_ count: Int = 3) -> Floats { Floats([Float](repeating: 0, count: count)) }

  @Test(arguments: instructionSets) func valuesOfKeras(set: String) {
    let k = kernels(set)
    var u = ds_update()
    u.rate = 0.01
    expectClose(Self.steps { k.sgd(3, u, $1.p, nil, $2.p) }, [0.994, -1.988, 2.982], 1e-7)
    u.momentum = 0.9
    var slot = Self.zeros()
    expectClose(Self.steps { k.sgd(3, u, $1.p, slot.p, $2.p) }, [0.99049, -1.98098, 2.97147], 1e-7)
    u.nesterov = 1
    slot = Self.zeros()
    expectClose(Self.steps { k.sgd(3, u, $1.p, slot.p, $2.p) }, [0.985441, -1.9708819, 2.9563229], 1e-7)
    u = ds_update()
    (u.rate, u.decay) = (0.01, 0.001)
    expectClose(Self.steps { k.sgd(3, u, $1.p, nil, $2.p) }, [0.991007, -1.9820141, 2.9730208], 1e-7)

    u = ds_update()
    (u.beta1, u.beta2, u.epsilon) = (0.9, 0.999, 1e-7)
    func adam(decay: Float) -> [Float] {
      let m = Self.zeros(), v = Self.zeros()
      return Self.steps { t, g, w in
        u.rate = 0.001 * (1 - powf(0.999, Float(t))).squareRoot() / (1 - powf(0.9, Float(t)))
        u.decay = decay
        k.adam(3, u, g.p, m.p, v.p, nil, w.p)
      }
    }
    expectClose(adam(decay: 0), [0.9970769, -1.997077, 2.997077], 1e-7)
    expectClose(adam(decay: 0.004 * 0.001), [0.9970649, -1.997053, 2.9970412], 1e-7)

    u = ds_update()
    (u.rate, u.beta2, u.epsilon) = (0.001, 0.9, 1e-7)
    slot = Self.zeros()
    expectClose(Self.steps { k.rmsprop(3, u, $1.p, slot.p, nil, nil, $2.p) }, [0.9913901, -1.99139, 2.99139], 1e-7)
    (u.momentum, u.centered) = (0.9, 1)
    let v = Self.zeros(), b = Self.zeros(), mean = Self.zeros()
    expectClose(Self.steps { k.rmsprop(3, u, $1.p, v.p, b.p, mean.p, $2.p) }, [0.9820414, -1.9820409, 2.9820409], 1e-7)
  }

  @Test(arguments: instructionSets) func anyCount(set: String) {
    let k = kernels(set)
    var random = Random(33)
    for count in [0, 1, 5, 16, 31, 50] {
      let g = random.floats(count), w = random.floats(count), slots = (0..<3).map { _ in random.floats(count, 0.01, 1) }
      var u = ds_update()
      (u.rate, u.momentum, u.beta1, u.beta2, u.epsilon, u.decay) = (0.1, 0.8, 0.7, 0.6, 1e-3, 0.05)
      func results(
        _ run: (UnsafeMutablePointer<Float>, [UnsafeMutablePointer<Float>], UnsafeMutablePointer<Float>) -> Void
      ) -> [[Float]] {
        let gradient = Floats(g), weights = Floats(w), state = slots.map { Floats($0) }
        run(gradient.p, state.map(\.p), weights.p)
        return [weights.values] + state.map(\.values)
      }
      func expected(_ f: (Double, [Double], Double) -> [Double]) -> [[Double]] {
        let all = (0..<count).map { i in f(Double(g[i]), slots.map { Double($0[i]) }, Double(w[i]) * 0.95) }
        return (0..<4).map { j in all.map { $0[j] } }
      }
      func check(_ actual: [[Float]], _ expected: [[Double]]) {
        for (a, e) in zip(actual, expected) { expectClose(a, e, 2e-6, atLeast: 1) }
      }
      check(
        results { k.sgd(count, u, $0, $1[0], $2) },
        expected { g, s, w in
          let v = 0.8 * s[0] - 0.1 * g
          return [w + v, v, s[1], s[2]]
        })
      check(
        results { k.adam(count, u, $0, $1[0], $1[1], $1[2], $2) },
        expected { g, s, w in
          let m = s[0] + (g - s[0]) * 0.3, v = s[1] + (g * g - s[1]) * 0.4, hat = max(s[2], v)
          return [w - 0.1 * m / (hat.squareRoot() + 1e-3), m, v, hat]
        })
      check(
        results { k.rmsprop(count, u, $0, $1[0], $1[1], nil, $2) },
        expected { g, s, w in
          let v = 0.6 * s[0] + 0.4 * g * g, b = 0.8 * s[1] + 0.1 * g / (v + 1e-3).squareRoot()
          return [w - b, v, b, s[2]]
        })
    }
  }

  @Test func wideSetsAgree() {
    var random = Random(34)
    let g = random.floats(41), w = random.floats(41), slot = random.floats(41, 0.5, 1)
    expectSameOnWideSets { k in
      var u = ds_update()
      (u.rate, u.momentum, u.beta1, u.beta2, u.epsilon, u.decay) = (0.1, 0.8, 0.7, 0.6, 1e-3, 0.05)
      let gradient = Floats(g), weights = Floats(w), a = Floats(slot), b = Floats(slot), c = Floats(slot)
      k.sgd(41, u, gradient.p, a.p, weights.p)
      k.adam(41, u, gradient.p, a.p, b.p, c.p, weights.p)
      k.rmsprop(41, u, gradient.p, b.p, a.p, nil, weights.p)
      return weights.values + a.values + b.values + c.values
    }
  }
}
