import DeepSwift
import Testing

@Suite struct TensorSlicingTests {
  let cube = Tensor.range(0..<24).reshaped([2, 3, 4])

  @Test func aPositionDropsItsAxis() {
    #expect(cube[1] == Tensor.range(12..<24).reshaped([3, 4]))
    #expect(cube[0, 2] == [8, 9, 10, 11])
    #expect(cube[1, 2, 3] == Tensor(23))
    #expect(cube[1, 2, 3].item == 23)
    #expect(cube[-1, -1, -1].item == 23)
  }

  @Test func aRangeKeepsItsAxis() {
    #expect(cube[0..<1] == cube[0].expandingDimensions(axis: 0))
    #expect(cube[0..., 1] == [[4, 5, 6, 7], [16, 17, 18, 19]])
    #expect(cube[0..., 0..., 2] == [[2, 6, 10], [14, 18, 22]])
    #expect(cube[0, 1...2, ..<2] == [[4, 5], [8, 9]])
    #expect(cube[0, 0, ...1] == [0, 1])
    #expect(cube[2...].shape == [0, 3, 4])
    #expect(cube[0, 0, 1..<1].shape == [0])
  }

  @Test func negativePositionsCountFromTheEnd() {
    let t = Tensor.range(0..<5)
    #expect(t[(-2)...] == [3, 4])
    #expect(t[..<(-1)] == [0, 1, 2, 3])
    #expect(t[...(-2)] == [0, 1, 2, 3])
    #expect(t[...(-1)] == t)
    #expect(t[-3 ..< -1] == [2, 3])
    #expect(t[-3..<0] == [2, 3, 4])
    #expect(t[-3 ... -1] == [2, 3, 4])
  }

  @Test func partsCanBeAssigned() {
    var t = Tensor.zeros([2, 3])
    t[0] = [1, 2, 3]
    t[1, 1] = Tensor(7.5)
    #expect(t == [[1.0, 2, 3], [0, 7.5, 0]])
    t[0..., 2] = Tensor([8, 9])
    #expect(t == [[1.0, 2, 8], [0, 7.5, 9]])
    t[0..<2, 0..<2] = Tensor(-1)
    #expect(t == [[-1.0, -1, 8], [-1, -1, 9]])
    t[1] += 1
    #expect(t[1] == [0.0, 0, 10])
    var bytes = Tensor.zeros([3], elementType: .uint8)
    bytes[1] = Tensor(300.0)
    #expect(bytes == Tensor([0, 255, 0] as [UInt8]))
  }

  @Test func rowsByNumber() {
    #expect(cube.gathered([1, 0, 1]).shape == [3, 3, 4])
    #expect(Tensor([5, 6, 7]).gathered([2, 0, 2, -1]) == [7, 5, 7, 7])
    #expect(Tensor([5, 6, 7] as [UInt8]).gathered([]).shape == [0])
    #expect(Tensor([5, 6, 7]).prefix(2) == [5, 6])
    #expect(Tensor([5, 6, 7]).prefix(9) == [5, 6, 7])
    #expect(Tensor([5, 6, 7]).suffix(2) == [6, 7])
  }

  @Test func wrongUseStopsTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3])[2] }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3])[-3] }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3])[0, 0, 0] }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3])[0..<3] }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).gathered([2]) }
    await #expect(processExitsWith: .failure) {
      var t = Tensor.zeros([2, 3])
      t[0] = Tensor([1, 2])
    }
  }
}
