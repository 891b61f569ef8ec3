import DeepSwift
import Testing

@Suite struct TensorReductionsTests {
  let a: Tensor = [[1.0, 2, 3], [4, 5, 9]]

  @Test func overEverything() {
    #expect(a.sum() == 24)
    #expect(a.mean() == 4)
    #expect(a.product() == 1080)
    #expect(a.max() == 9)
    #expect(a.min() == 1)
    #expect(Tensor([1.0, 3]).variance() == 1)
    #expect(Tensor([2.0, 6]).standardDeviation() == 2)
    #expect(Tensor([200, 100] as [UInt8]).sum() == 300)
    #expect(Tensor([Float]()).sum() == 0)
    #expect(Tensor([Float]()).mean().isNaN)
    #expect(Tensor(5.0).mean() == 5)
  }

  @Test func alongAnAxis() {
    #expect(a.sum(axis: 0) == [5.0, 7, 12])
    #expect(a.sum(axis: 1) == [6.0, 18])
    #expect(a.sum(axis: -1, keepDimensions: true) == [[6.0], [18]])
    #expect(a.mean(axis: 0) == [2.5, 3.5, 6])
    #expect(a.max(axis: 1) == [3.0, 9])
    #expect(a.min(axis: 0) == [1.0, 2, 3])
    #expect(a.product(axis: 1) == [6.0, 180])
    #expect(a.variance(axis: 0) == [2.25, 2.25, 9])
    #expect(a.standardDeviation(axis: 0) == [1.5, 1.5, 3])
    let cube = Tensor.range(0..<24).reshaped([2, 3, 4])
    #expect(cube.sum(axis: 1) == [[12.0, 15, 18, 21], [48, 51, 54, 57]])
  }

  @Test func alongSeveralAxes() {
    let cube = Tensor.range(0..<24).reshaped([2, 3, 4])
    #expect(cube.sum(axes: [0, 2]) == [60.0, 92, 124])
    #expect(cube.mean(axes: [0, 1, 2]).item == 11.5)
    #expect(cube.max(axes: [-1, 0], keepDimensions: true) == [[[15.0], [19], [23]]])
    #expect(cube.variance(axes: [0, 1]).floats == [46.666668, 46.666668, 46.666668, 46.666668])
    #expect(cube.sum(axes: []) == cube.converted(to: .float32))
  }

  @Test func sumsAreExactOverManyElements() {
    // In float32 alone the sum would stop growing at 16 777 216.
    #expect(Tensor.ones([20_000_000]).sum() == 20_000_000)
    #expect(Tensor.ones([20_000_000, 1]).sum(axis: 0).item == 20_000_000)
  }

  @Test func notANumberWins() {
    #expect(Tensor([1, .nan, 3]).max().isNaN)
    #expect(Tensor([1, .nan, 3]).min().isNaN)
  }

  @Test func argmaxGivesAClassPerRow() {
    #expect(Tensor([[0.1, 0.7, 0.2], [0.5, 0.1, 0.5]]).argmax() == [1, 0])
    #expect(a.argmax(axis: 0) == [1, 1, 1])
    #expect(Tensor([3, 9, 9]).argmax() == [1])
    let cube = Tensor([0, 3, 1, 2, 5, 4, 7, 6], shape: [2, 2, 2])
    #expect(cube.argmax() == [1, 1, 0, 0])
    #expect(cube.argmax(axis: 1) == [1, 0, 1, 1])
    #expect(cube.argmax(axis: 0) == [1, 1, 1, 1])
  }

  @Test func wrongUseStopsTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).sum(axis: 2) }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([0]).max() }
  }
}
