import DeepSwift
import Testing

@Suite struct TensorArithmeticTests {
  let a: Tensor = [[1.0, 2, 3], [4, 5, 6]]

  @Test func tensorsOfTheSameShape() {
    #expect(a + a == [[2.0, 4, 6], [8, 10, 12]])
    #expect(a - a == Tensor.zeros([2, 3]))
    #expect(a * a == [[1.0, 4, 9], [16, 25, 36]])
    #expect(a / a == Tensor.ones([2, 3]))
    #expect(-a == [[-1.0, -2, -3], [-4, -5, -6]])
  }

  @Test func numbersOnEitherSide() {
    #expect(a * 2 + 1 == [[3.0, 5, 7], [9, 11, 13]])
    #expect(1 - a == [[0.0, -1, -2], [-3, -4, -5]])
    #expect(6 / a == [[6.0, 3, 2], [1.5, 1.2, 1]])
    #expect(a / 2 == [[0.5, 1, 1.5], [2, 2.5, 3]])
    var b = a
    b += 1
    b *= [10.0, 1, 0]
    #expect(b == [[20.0, 3, 0], [50, 6, 0]])
    b -= b
    #expect(b == Tensor.zeros([2, 3]))
  }

  @Test func shorterShapesAreRepeated() {
    #expect(a + [10.0, 20, 30] == [[11.0, 22, 33], [14, 25, 36]])
    #expect(a - [[1.0], [4]] == [[0.0, 1, 2], [0, 1, 2]])
    #expect(Tensor([[1.0], [2]]) * Tensor([[3.0, 4, 5]]) == [[3.0, 4, 5], [6, 8, 10]])
    #expect(Tensor([10.0]) + Tensor([1.0, 2]) == [11.0, 12])
    let cube = Tensor.ones([2, 3, 2])
    #expect((cube + Tensor([[0.0], [10], [20]])).floats == [1, 1, 11, 11, 21, 21, 1, 1, 11, 11, 21, 21])
    #expect((Tensor([0.0, 10], shape: [2, 1, 1]) + cube)[1, 2, 1].item == 11)
    #expect((Tensor.zeros([0, 3]) + Tensor.ones([3])).shape == [0, 3])
  }

  @Test func integersBecomeFloats() {
    let bytes = Tensor([0, 51, 255] as [UInt8])
    #expect(bytes / 255 == [0.0, 0.2, 1])
    #expect((bytes + bytes).floats == [0, 102, 510])
    #expect((Tensor([3]) / Tensor([2])) == [1.5])
  }

  @Test func functions() {
    #expect(exp(Tensor([0.0, 1])).floats == [1, 2.7182817])
    #expect(log(Tensor([1.0])).floats == [0])
    #expect(sqrt(Tensor([4, 9])) == [2.0, 3])
    #expect(abs(Tensor([-1.5, 2])) == [1.5, 2])
    #expect(pow(Tensor([2.0, 3]), 2) == [4.0, 9])
    #expect(tanh(Tensor([0.0])) == [0.0])
    #expect(Tensor([-1.0, 0.5, 7]).clipped(to: 0...1) == [0, 0.5, 1])
    #expect(maximum(Tensor([1.0, 5]), Tensor([3.0, 2])) == [3.0, 5])
    #expect(minimum(Tensor([1.0, 5]), 2) == [1.0, 2])
    #expect(maximum(0, Tensor([-1.0, 5])) == [0.0, 5])
    #expect(maximum(Tensor([Float.nan]), 1).item.isNaN && maximum(1, Tensor([Float.nan])).item.isNaN)
  }

  @Test func comparisonsGiveMasks() {
    #expect((Tensor([1, 2, 3]) .== Tensor([1, 5, 3])) == Tensor([1, 0, 1] as [UInt8]))
    #expect((a .> 3) == Tensor([0, 0, 0, 1, 1, 1] as [UInt8], shape: [2, 3]))
    #expect((a .>= 3) == Tensor([0, 0, 1, 1, 1, 1] as [UInt8], shape: [2, 3]))
    #expect((a .< [2.0, 2, 2]) == Tensor([1, 0, 0, 0, 0, 0] as [UInt8], shape: [2, 3]))
    #expect((a .<= 1) == Tensor([1, 0, 0, 0, 0, 0] as [UInt8], shape: [2, 3]))
    #expect((Tensor([1, 2]) .!= 1) == Tensor([0, 1] as [UInt8]))
    #expect((Tensor([16_777_216]) .== Tensor([16_777_217])).item == 0, "float32 cannot tell these apart")
  }

  @Test func shapesThatDoNotMatchStopTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]) + Tensor.zeros([2]) }
  }
}
