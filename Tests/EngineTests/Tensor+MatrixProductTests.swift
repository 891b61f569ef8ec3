import DeepSwift
import Testing

@Suite struct TensorMatrixProductTests {
  let a: Tensor = [[1.0, 2, 3], [4, 5, 6]]

  @Test func matricesAndVectors() {
    #expect(a.matmul(a.transposed()) == [[14.0, 32], [32, 77]])
    #expect(a.matmul([1.0, 0, -1]) == [-2.0, -2])
    #expect(Tensor([1.0, -1]).matmul(a) == [-3.0, -3, -3])
    #expect(Tensor([1.0, 2]).matmul([3.0, 4]) == Tensor(11.0))
    #expect(Tensor([[1, 2]]).matmul([[3], [4]]) == [[11.0]])
    #expect(Tensor.zeros([2, 0]).matmul(.zeros([0, 3])) == .zeros([2, 3]))
    #expect(Tensor.zeros([0, 2]).matmul(.zeros([2, 3])).shape == [0, 3])
  }

  @Test func axesInFrontCountMatrices() {
    let many = Tensor.range(0..<12).reshaped([2, 2, 3])
    let product = many.matmul(a.transposed())
    #expect(product.shape == [2, 2, 2])
    for i in 0..<2 { #expect(product[i] == many[i].matmul(a.transposed())) }
    let pairs = many.reshaped([2, 1, 2, 3]).matmul(many.reshaped([2, 3, 2]))
    #expect(pairs.shape == [2, 2, 2, 2])
    #expect(pairs[1, 0] == many[1].matmul(many.reshaped([2, 3, 2])[0]))
  }

  @Test func aLargeProductEqualsTheThreeLoops() {
    let x = Tensor.random(uniform: -1...1, shape: [37, 65], seed: 1)
    let y = Tensor.random(uniform: -1...1, shape: [65, 29], seed: 2)
    let product = x.matmul(y).floats
    let (a, b) = (x.floats, y.floats)
    for i in 0..<37 {
      for j in 0..<29 {
        let sum = (0..<65).reduce(Float(0)) { $0 + a[i * 65 + $1] * b[$1 * 29 + j] }
        #expect(abs(product[i * 29 + j] - sum) < 1e-4)
      }
    }
  }

  @Test func shapesThatDoNotMatchStopTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).matmul(.zeros([2, 3])) }
  }
}
