@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct SparseCrossEntropyOpTests {
  @Test(arguments: [3, 10, 33]) func classNumbers(classes: Int) {
    checkGradients(Numbers([classes], from: -3, to: 3), .whole(below: classes)) { x, _ in
      x[0].sparseCrossEntropy(labels: x[1], fromLogits: true)
    }
    checkGradients(Numbers([classes], from: -3, to: 3), .whole(below: classes, [1])) { x, _ in
      softmax(x[0]).sparseCrossEntropy(labels: x[1], fromLogits: false)
    }
    checkGradients(Numbers([2, classes], from: -3, to: 3), .whole(below: classes, [2])) { x, _ in
      softmax(x[0]).sparseCrossEntropy(labels: x[1], fromLogits: false)
    }
  }

  @Test func behindALayer() {
    checkGradients([6], .whole(below: 4), parameters: [[6, 4], [4]]) { x, w in
      softmax(x[0].matmul(w[0]) + w[1]).sparseCrossEntropy(labels: x[1], fromLogits: false)
    }
    checkGradients([6], .whole(below: 4), parameters: [[6, 4], [4]]) { x, w in
      relu(x[0].matmul(w[0]) + w[1]).sparseCrossEntropy(labels: x[1], fromLogits: true)
    }
    checkGradients([6], .whole(below: 4), parameters: [[6, 4], [4]]) { x, w in
      // The probabilities are used elsewhere, too.
      let p = softmax(x[0].matmul(w[0]) + w[1])
      return p.sparseCrossEntropy(labels: x[1], fromLogits: false) + square(p).sum()
    }
  }

  @Test func probabilitiesThatAreNoSoftmax() {
    checkGradients(Numbers([4], from: 0.1, to: 2), .whole(below: 4)) { x, _ in
      x[0].sparseCrossEntropy(labels: x[1], fromLogits: false)
    }
  }

  @Test(arguments: [true, false]) func oneSideSharedByAllSamples(fromLogits: Bool) {
    checkGradients(.whole(below: 4), parameters: [[4]]) { x, w in
      (fromLogits ? w[0] : softmax(w[0])).sparseCrossEntropy(labels: x[0], fromLogits: fromLogits)
    }
    checkGradients([4]) { x, _ in
      (fromLogits ? x[0] : softmax(x[0])).sparseCrossEntropy(labels: Node(2), fromLogits: fromLogits)
    }
  }

  @Test(arguments: [true, false]) func distributions(fromLogits: Bool) {
    checkGradients(Numbers([5], from: -2, to: 2), Numbers([5], from: 0, to: 1)) { x, _ in
      stopGradient(x[1]).crossEntropy(of: fromLogits ? x[0] : softmax(x[0]), fromLogits: fromLogits)
    }
    checkGradients(Numbers([2, 5], from: 0.1, to: 1), Numbers([2, 5], from: 0, to: 1)) { x, _ in
      x[1].crossEntropy(of: fromLogits ? x[0] : x[0], fromLogits: fromLogits)
    }
  }

  @Test(arguments: [true, false]) func yesAndNo(fromLogits: Bool) {
    checkGradients(Numbers([3], from: -3, to: 3), Numbers([3], from: 0, to: 1)) { x, _ in
      stopGradient(x[1]).binaryCrossEntropy(of: fromLogits ? x[0] : sigmoid(x[0]), fromLogits: fromLogits)
    }
    checkGradients(Numbers([3], from: 0.1, to: 0.9), Numbers([3], from: 0, to: 1)) { x, _ in
      x[1].binaryCrossEntropy(of: x[0], fromLogits: false)
    }
    checkGradients([6], .whole(below: 2, [1]), parameters: [[6, 1], [1]]) { x, w in
      let z = x[0].matmul(w[0]) + w[1]
      return x[1].binaryCrossEntropy(of: fromLogits ? z : sigmoid(z), fromLogits: fromLogits)
    }
  }

  /// The gradient stays exact where the probability is 0 in single precision; the value is clipped, as in Keras.
  @Test func certainlyWrong() throws {
    let z = Input(shape: [2]), label = Node(1)
    for (y, value) in [
      (softmax(z).sparseCrossEntropy(labels: label, fromLogits: false), Float(16.118095)),
      (z.sparseCrossEntropy(labels: label, fromLogits: true), 200),
      (label.oneHot(classes: 2).crossEntropy(of: softmax(z), fromLogits: false), 16.118095),
    ] {
      expectClose(try run(y, of: z, [[200, 0]]), [value])
      expectClose(try gradient(of: y, toward: z, [[200, 0]]), [1, -1] as [Float])
    }
    let x = Input(shape: [1]), y = Node(1).binaryCrossEntropy(of: sigmoid(x), fromLogits: false)
    expectClose(try gradient(of: y, toward: x, [[-200]]), [-1] as [Float])
  }

  @Test func labelsThatDoNotFit() {
    let p = softmax(Input(shape: [4]))
    expectFault(
      p.sparseCrossEntropy(labels: Input(shape: [4]), fromLogits: false), "labels of shape [4]", "shape [4]",
      ".categoricalCrossentropy")
    expectFault(Input(shape: [3]).crossEntropy(of: p, fromLogits: false), "[3]", "[4]", ".sparseCategoricalCrossentropy")
    expectFault(Node(1).sparseCrossEntropy(labels: Input(shape: []), fromLogits: false), "axis of classes")
  }
}
