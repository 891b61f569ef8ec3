import DeepSwiftKernels
import Foundation
import Testing

@Suite(.watchedMemory) struct SoftmaxTests {
  static func softmax(_ x: [Double]) -> [Double] {
    let e = x.map { exp($0 - x.max()!) }
    return e.map { $0 / e.reduce(0, +) }
  }

  @Test(arguments: instructionSets) func softmaxAndItsGradient(set: String) {
    let k = kernels(set)
    var random = Random(11)
    for classes in [1, 2, 3, 10, 15, 16, 17, 40, 100] {
      let rows = random.int(0...4), a = random.floats(rows * classes, -9, 9), g = random.floats(rows * classes)
      let x = Floats(a), y = Floats.empty(a.count), dy = Floats(g), dx = Floats.empty(a.count)
      func byRow(_ f: ([Double], [Double]) -> [Double]) -> [Double] {
        (0..<rows).flatMap { r in
          f(a[r * classes..<(r + 1) * classes].map(Double.init), g[r * classes..<(r + 1) * classes].map(Double.init))
        }
      }
      k.softmax(rows, classes, x.p, y.p)
      expectClose(y.values, byRow { x, _ in Self.softmax(x) }, 1e-6, "\(classes) classes")
      k.softmax_backward(rows, classes, y.p, dy.p, dx.p)
      expectClose(
        dx.values,
        byRow { x, g in
          let p = Self.softmax(x), mean = zip(p, g).reduce(0) { $0 + $1.0 * $1.1 }
          return zip(p, g).map { $0 * ($1 - mean) }
        }, 2e-6, "\(classes) classes", atLeast: 1)
      k.log_softmax(rows, classes, x.p, y.p)
      expectClose(y.values, byRow { x, _ in Self.softmax(x).map { log($0) } }, 1e-6, "\(classes) classes", atLeast: 1)
      k.log_softmax_backward(rows, classes, y.p, dy.p, dx.p)
      expectClose(
        dx.values, byRow { x, g in zip(Self.softmax(x), g).map { $1 - $0 * g.reduce(0, +) } }, 4e-6,
        "\(classes) classes",
        atLeast: 1)
    }
  }

  @Test(arguments: instructionSets) func extremeRows(set: String) {
    let k = kernels(set)
    let x = Floats([1000, 0, -1000, -.infinity]), y = Floats.empty(4)
    k.softmax(1, 4, x.p, y.p)
    #expect(y.values == [1, 0, 0, 0])
    k.log_softmax(1, 4, x.p, y.p)
    #expect(y.values == [0, -1000, -2000, -.infinity])
    let none = Floats([1, .nan, 2])
    k.softmax(1, 3, none.p, none.p)
    #expect(none.values.allSatisfy { $0.isNaN })
  }

  @Test(arguments: instructionSets) func crossEntropy(set: String) {
    let k = kernels(set)
    var random = Random(12)
    for classes in [1, 2, 10, 16, 33] {
      let rows = 5, logits = random.floats(rows * classes, -5, 5), g = random.floats(rows)
      let labels = (0..<rows).map { _ in random.int(0...(classes - 1)) }
      let z = Floats(logits), p = Floats.empty(logits.count), label = Floats(labels.map(Float.init)),
        losses = Floats.empty(rows)
      let dlosses = Floats(g), dz = Floats.empty(logits.count)
      k.softmax(rows, classes, z.p, p.p)
      let exact = (0..<rows).map { Self.softmax(logits[$0 * classes..<($0 + 1) * classes].map(Double.init)) }
      let expected = zip(exact, labels).map { -log($0[$1]) }
      k.sparse_cross_entropy_logits(rows, classes, z.p, label.p, losses.p)
      expectClose(losses.values, expected, 1e-6, atLeast: 1)
      k.sparse_cross_entropy(rows, classes, p.p, label.p, losses.p)
      expectClose(losses.values, expected, 1e-6, atLeast: 1)
      k.sparse_cross_entropy_backward(rows, classes, p.p, label.p, dlosses.p, dz.p)
      expectClose(
        dz.values,
        (0..<rows).flatMap { r in exact[r].enumerated().map { ($1 - ($0 == labels[r] ? 1 : 0)) * Double(g[r]) } }, 1e-6,
        atLeast: 1)
    }
  }

  @Test(arguments: instructionSets) func clippedProbabilitiesAndWrongLabels(set: String) {
    let k = kernels(set)
    let p = Floats([0, 1, 0, 1, 0, 1, .nan, 1]), labels = Floats([0, 1, 2, 0]), losses = Floats.empty(4)
    k.sparse_cross_entropy(4, 2, p.p, labels.p, losses.p)
    #expect(abs(losses.values[0] - 16.118096) < 1e-5)
    #expect(losses.values[1] > 0 && losses.values[1] < 2e-7)
    #expect(losses.values[2].isNaN && losses.values[3].isNaN)
    let far = Floats([500, -500]), wrong = Floats([1]), loss = Floats.empty(1)
    k.sparse_cross_entropy_logits(1, 2, far.p, wrong.p, loss.p)
    #expect(loss.values == [1000])
  }

  @Test func wideSetsAgree() {
    expectSameOnWideSets { k in
      var random = Random(13), all: [Float] = []
      for classes in [1, 10, 16, 21, 50] {
        let x = Floats(random.floats(2 * classes, -4, 4)), y = Floats.empty(2 * classes), z = Floats.empty(2 * classes)
        k.softmax(2, classes, x.p, y.p)
        k.softmax_backward(2, classes, y.p, x.p, z.p)
        all += y.values + z.values
        k.log_softmax(2, classes, x.p, y.p)
        k.log_softmax_backward(2, classes, y.p, x.p, z.p)
        all += y.values + z.values
      }
      return all
    }
  }
}
