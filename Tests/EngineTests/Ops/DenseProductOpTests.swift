import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct DenseProductOpTests {
  @Test(arguments: [1, 2, 9, 16, 17, 33]) func outputs(count: Int) {
    for inputs in [1, 3, 20] {
      checkGradients(Numbers([inputs]), parameters: [Numbers([inputs, count]), Numbers([count])], rows: [1, 3]) { x, w in
        x[0].matmul(w[0]) + w[1]
      }
    }
  }

  @Test func large() {
    checkGradients([70], parameters: [[70, 40], [40]], rows: [1, 13]) { x, w in relu(x[0].matmul(w[0]) + w[1]) }
  }

  @Test(arguments: [1, 5, 20]) func withoutBias(count: Int) {
    checkGradients([6], parameters: [Numbers([6, count])]) { x, w in x[0].matmul(w[0]) }
    checkGradients([6], parameters: [Numbers([6, count])]) { x, w in relu(x[0].matmul(w[0])) }
  }

  @Test(arguments: [4, 20]) func manyVectorsInASample(count: Int) {
    checkGradients([5, 6], parameters: [Numbers([6, count]), Numbers([count])]) { x, w in relu(x[0].matmul(w[0]) + w[1]) }
    checkGradients([2, 3, 6], parameters: [Numbers([6, count])]) { x, w in x[0].matmul(w[0]) }
    checkGradients([1, 6], parameters: [Numbers([6, count]), Numbers([count])]) { x, w in x[0].matmul(w[0]) + w[1] }
  }

  @Test(arguments: [4, 20]) func aVectorOfWeights(count: Int) {
    checkGradients([], parameters: [[6], Numbers([6, count])]) { x, w in x[0] * w[0].matmul(w[1]) }
  }

  @Test(arguments: [4, 20]) func severalInARow(count: Int) {
    checkGradients([6], parameters: [Numbers([6, 30]), [30], Numbers([30, count]), Numbers([count])]) { x, w in
      relu(relu(x[0].matmul(w[0]) + w[1]).matmul(w[2]) + w[3])
    }
  }

  @Test func biasesFromElsewhere() {
    // Only a bias of its own for each column is stored with the product.
    checkGradients([6], parameters: [[6, 3], []]) { x, w in x[0].matmul(w[0]) + w[1] }
    checkGradients([6], parameters: [[6, 3], [1]]) { x, w in x[0].matmul(w[0]) + w[1] }
    checkGradients([6], [3], parameters: [[6, 3]]) { x, w in x[0].matmul(w[0]) + x[1] }
    checkGradients([6], parameters: [[6, 1], [3]]) { x, w in x[0].matmul(w[0]) + w[1] }
    checkGradients([6], parameters: [[6, 3], [3], [3]]) { x, w in w[1] + x[0].matmul(w[0]) + w[2] }
    checkGradients([6], parameters: [[6, 3], [3]]) { x, w in x[0].matmul(w[0]) + 2 * w[1] * w[1] }
  }

  @Test func aKernelThatIsComputed() {
    checkGradients([6], parameters: [[3, 6]]) { x, w in x[0].matmul(w[0].transposed()) }
    checkGradients([6], parameters: [[6, 6]]) { x, w in x[0].matmul(w[0]).matmul(w[0]) }
  }

  @Test func oneInputFrozen() {
    checkGradients([6], parameters: [[6, 3], [3]]) { x, w in x[0].matmul(stopGradient(w[0])) + w[1] }
    checkGradients([5, 6], parameters: [[6, 3], [3]]) { x, w in x[0].matmul(stopGradient(w[0])) + w[1] }
    checkGradients([6], parameters: [[6, 20], [20]]) { x, w in stopGradient(x[0]).matmul(w[0]) + stopGradient(w[1]) }
  }

  @Test func featuresThatDoNotFit() {
    expectFault(Input(shape: [6]).matmul(Node(Tensor.zeros([5, 2]))), "input has 6 features, kernel expects 5")
  }
}
