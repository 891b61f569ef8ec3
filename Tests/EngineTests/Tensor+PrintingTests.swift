import DeepSwift
import Testing

@Suite struct TensorPrintingTests {
  @Test func numbersTypeAndShape() {
    #expect("\(Tensor([[1, 2, 3], [4, 5, 6]] as [[Float]]))" == "[[1.0, 2.0, 3.0],\n [4.0, 5.0, 6.0]] (float32 [2, 3])")
    #expect("\(Tensor([7, 10]))" == "[ 7, 10] (int32 [2])")
    #expect("\(Tensor(2.5))" == "2.5 (float32 [])")
    #expect("\(Tensor([Float]()))" == "[] (float32 [0])")
    #expect("\(Tensor.zeros([1 << 40, 0, 3]))" == "[] (float32 [1099511627776, 0, 3])")
    #expect("\(Tensor([[[1], [2]], [[3], [4]]]))" == "[[[1],\n  [2]],\n\n [[3],\n  [4]]] (int32 [2, 2, 1])")
  }

  @Test func asManyDecimalsAsNeeded() {
    #expect("\(Tensor([0.25, 10]))" == "[ 0.25, 10.00] (float32 [2])")
    #expect("\(Tensor([1.0 / 3]))" == "[0.3333] (float32 [1])")
    #expect("\(Tensor([1e10, 1]))" == "[1.0000e+10, 1.0000e+00] (float32 [2])")
    #expect("\(Tensor([1e-6]))" == "[1.0000e-06] (float32 [1])")
    #expect("\(Tensor([Float.nan, -.infinity, 1]))" == "[ nan, -inf,  1.0] (float32 [3])")
  }

  @Test func longTensorsShowTheirEnds() {
    #expect("\(Tensor.range(0..<1001))" == "[   0,    1,    2, …,  998,  999, 1000] (int32 [1001])")
    #expect("\(Tensor.zeros([600, 2]))".split(separator: "\n").count == 7)
    #expect("\(Tensor.zeros([600, 7], elementType: .uint8)[0])".hasPrefix("[0, 0, 0, 0, 0, 0, 0]"), "a short one")
    #expect("\(Tensor.zeros([600, 7], elementType: .uint8))".hasPrefix("[[0, 0, 0, …, 0, 0, 0],\n"))
  }
}
