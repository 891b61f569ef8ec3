import DeepSwift
import Testing

@Suite struct OrthogonalTests {
  @Test(arguments: [[4, 4], [3, 7], [64, 16], [5, 1], [1, 5], [3, 3, 2, 8]])
  func fewerRowsOrColumnsArePerpendicular(dimensions: [Int]) {
    let shape = Shape(dimensions)
    let values = Orthogonal(gain: 2).values(shape: shape, random: RandomSource(seed: 3))
    let matrix = Tensor(values, shape: [shape.count / shape.last, shape.last])
    let isWide = matrix.shape[0] <= matrix.shape[1]
    let products = isWide ? matrix.matmul(matrix.transposed()) : matrix.transposed().matmul(matrix)
    let expected = Tensor.range(0..<products.shape[0]).oneHot(classes: products.shape[0]) * 4
    #expect(abs(products - expected).max() < 1e-5)
  }

  @Test func valuesArePinned() {
    let values = Orthogonal().values(shape: [2, 2], random: RandomSource(seed: 7, key: "dense/kernel"))
    let known: [Float] = [-0.03894573, 0.99924135, -0.9992413, -0.03894573]
    #expect(abs(Tensor(values) - Tensor(known)).max() < 1e-5)
    #expect(Orthogonal().values(shape: [0, 2], random: RandomSource(seed: 1)) == [])
  }
}
