import DeepSwift
import Testing

@Suite struct TensorShapingTests {
  let matrix = Tensor([[1, 2, 3], [4, 5, 6]])

  @Test func reshapingKeepsTheOrder() {
    #expect(matrix.reshaped([3, 2]) == Tensor([[1, 2], [3, 4], [5, 6]]))
    #expect(matrix.reshaped([-1]) == matrix.flattened)
    #expect(matrix.reshaped([1, -1, 2]).shape == [1, 3, 2])
    #expect(Tensor.zeros([0, 3]).reshaped([-1, 5]).shape == [0, 5])
    #expect(matrix.expandingDimensions(axis: 1).shape == [2, 1, 3])
    #expect(matrix.expandingDimensions(axis: -1).shape == [2, 3, 1])
    #expect(Tensor.zeros([1, 3, 1]).squeezed().shape == [3])
    #expect(Tensor.zeros([1, 3, 1]).squeezed(axis: -1).shape == [1, 3])
  }

  @Test func transposingExchangesAxes() {
    #expect(matrix.transposed() == Tensor([[1, 4], [2, 5], [3, 6]]))
    #expect(Tensor([1, 2] as [UInt8], shape: [1, 2]).transposed() == Tensor([1, 2] as [UInt8], shape: [2, 1]))
    let cube = Tensor.range(0..<24).reshaped([2, 3, 4])
    let turned = cube.transposed([2, 0, 1])
    #expect(turned.shape == [4, 2, 3])
    #expect(turned[3, 1, 2] == cube[1, 2, 3])
    #expect(turned.transposed([1, 2, 0]) == cube)
    #expect(cube.transposed([-1, 1, 0]) == cube.transposed())
  }

  @Test func broadcastingRepeats() {
    #expect(Tensor([1, 2]).broadcast(to: [2, 2]) == [[1, 2], [1, 2]])
    #expect(Tensor([[1], [2]]).broadcast(to: [2, 3]) == [[1, 1, 1], [2, 2, 2]])
    #expect(Tensor(7).broadcast(to: [2, 1]) == [[7], [7]])
  }

  @Test func concatenatingAndStacking() {
    #expect(Tensor.concatenated([matrix, [[7, 8, 9]]]) == [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    #expect(Tensor.concatenated([matrix, [[7], [8]]], axis: -1) == [[1, 2, 3, 7], [4, 5, 6, 8]])
    #expect(Tensor.concatenated([Tensor([1]), Tensor([0.5])]) == Tensor([1, 0.5]))
    #expect(Tensor.stacked([Tensor([1, 2]), Tensor([3, 4])]) == [[1, 2], [3, 4]])
    #expect(Tensor.stacked([Tensor([1, 2]), Tensor([3, 4])], axis: 1) == [[1, 3], [2, 4]])
    #expect(Tensor.stacked([Tensor([1, 2]), Tensor([3, 4])], axis: -1) == [[1, 3], [2, 4]])
  }

  @Test func wrongUseStopsTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).reshaped([4]) }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).reshaped([-1, -1]) }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).reshaped([4, -1]) }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).transposed([0, 0]) }
    await #expect(processExitsWith: .failure) { _ = Tensor.concatenated([.zeros([2, 3]), .zeros([2, 4])]) }
  }
}
