import DeepSwift
import Testing

import DeepSwiftEngine

@Suite struct TensorTests {
  @Test func swiftNumbersDecideTheElementType() {
    #expect(Tensor([1, 2] as [Float]).elementType == .float32)
    #expect(Tensor([1.5, 2]).elementType == .float32)
    #expect(Tensor([1, 2]).elementType == .int32)
    #expect(Tensor([Int32](repeating: 1, count: 8)).elementType == .int32)
    #expect(Tensor([7, 8] as [UInt8]).elementType == .uint8)
    #expect(Tensor([true, false]) == Tensor([1, 0] as [UInt8]))
    #expect(Tensor(3.0) == Tensor([3.0], shape: []))
    #expect(Tensor(3).elementType == .int32)
  }

  @Test func listsOfListsAreMatricesAndCubes() {
    let matrix = Tensor([[1, 2, 3], [4, 5, 6]] as [[Float]])
    #expect(matrix.shape == [2, 3])
    #expect(matrix.floats == [1, 2, 3, 4, 5, 6])
    #expect(Tensor([[[1, 2]], [[3, 4]]]).shape == [2, 1, 2])
    #expect(Tensor([[1.0], [2.0]]) == Tensor([1, 2] as [Float], shape: [2, 1]))
    #expect(Tensor([Float]()).shape == [0])
  }

  @Test func literalsAreWholeOrFloat() {
    let whole: Tensor = [[1, 2], [3, 4]]
    let mixed: Tensor = [1, 0.5]
    #expect(whole == Tensor([1, 2, 3, 4], shape: [2, 2]))
    #expect(whole.elementType == .int32)
    #expect(mixed == Tensor([1, 0.5]))
    #expect(whole == [[1, 2], [3, 4]])
  }

  @Test func readingConverts() {
    let t = Tensor([0.9, -1.9, 300, -.infinity, .infinity, .nan])
    #expect(t.integers == [0, -1, 300, Int(Int32.min), Int(Int32.max), 0])
    #expect(t.bytes == [0, 0, 255, 0, 255, 0])
    #expect(Tensor([7, 255] as [UInt8]).floats == [7, 255])
    #expect(Tensor([-3, 300]).bytes == [0, 255])
    #expect(Tensor([16_777_217]).integers == [16_777_217])
    #expect(Tensor([4.5]).item == 4.5)
  }

  @Test func equalityLooksAtShapeTypeAndNumbers() {
    #expect(Tensor([1, 2]) != Tensor([1.0, 2.0]))
    #expect(Tensor([1, 2]) != Tensor([[1, 2]]))
    #expect(Tensor([1, 2]) != Tensor([1, 3]))
    #expect(Tensor([1.0, 2.0]) == Tensor([1.0, 2.0]))
    #expect(Tensor([Float.nan]) != Tensor([Float.nan]))
  }

  @Test func aCopyDoesNotSeeLaterChanges() {
    let original = Tensor.zeros([2, 2])
    var copy = original
    copy[0, 1] = Tensor(5.0)
    #expect(original.floats == [0, 0, 0, 0])
    #expect(copy.floats == [0, 5, 0, 0])
    let address = copy.storage.bytes
    copy[1, 1] = Tensor(6.0)
    #expect(copy.storage.bytes == address, "the only owner writes in place")
  }

  @Test func wrongUseStopsTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2, 3], shape: [2, 2]) }
    await #expect(processExitsWith: .failure) { _ = Tensor([[1, 2], [3]]) }
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2]).item }
    await #expect(processExitsWith: .failure) { _ = Tensor([1 << 31]) }
  }
}
