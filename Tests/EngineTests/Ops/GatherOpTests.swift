import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct GatherOpTests {
  @Test func aTableOfWeights() {
    checkGradients(.whole(below: 6, [5]), parameters: [[6, 3]]) { x, w in w[0].gathered(x[0]) }
    checkGradients(.whole(below: 40), parameters: [[40, 17]]) { x, w in w[0].gathered(x[0]) }
    checkGradients(.whole(below: 6, [2, 2]), parameters: [[6, 2, 3]]) { x, w in w[0].gathered(x[0]) }
    checkGradients(.whole(below: 6, [2]), parameters: [[6]]) { x, w in w[0].gathered(x[0]) }
  }

  @Test func aTableOfSamples() {
    checkGradients([6, 3], .whole(below: 6, [4])) { x, _ in x[0].gathered(x[1]) }
    checkGradients([6, 3]) { x, _ in x[0].gathered(Node(Tensor([1, 5, 1] as [Float], shape: [3]))) }
  }

  @Test func aSharedTableAndSharedPlaces() {
    checkGradients([3], parameters: [[6, 3]]) { x, w in
      x[0] * w[0].gathered(Node(Tensor([1, 5, 1] as [Float], shape: [3])))
    }
  }

  @Test func ofRectified() {
    checkGradients([4], .whole(below: 3, [5]), parameters: [[4, 6]]) { x, w in
      relu(x[0].matmul(w[0])).reshaped([3, 2]).gathered(x[1])
    }
  }

  @Test func placesThatDoNotExistGiveZeros() throws {
    let x = Input(shape: [4]), table = Node(Tensor([1, 2, 3] as [Float], shape: [3, 1]))
    #expect(try run(table.gathered(x), of: x, [[0, 3, 2, -1]]) == [1, 0, 3, 0])
  }

  @Test func aNumberHasNoRows() { expectFault(Node(1).gathered(Input(shape: [2])), "single number") }
}
