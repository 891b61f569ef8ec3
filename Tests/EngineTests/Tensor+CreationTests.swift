import DeepSwift
import Testing

@Suite struct TensorCreationTests {
  @Test func filledTensors() {
    #expect(Tensor.zeros([2, 3]) == Tensor([Float](repeating: 0, count: 6), shape: [2, 3]))
    #expect(Tensor.ones([2], elementType: .uint8) == Tensor([1, 1] as [UInt8]))
    #expect(Tensor.full([2], 2.5) == Tensor([2.5, 2.5]))
    #expect(Tensor.full([2], -7, elementType: .int32) == Tensor([-7, -7]))
    #expect(Tensor.zeros([0, 4]).count == 0)
    #expect(Tensor.range(2..<5) == Tensor([2, 3, 4]))
    #expect(Tensor.range(from: 0, to: 1, by: 0.25) == Tensor([0, 0.25, 0.5, 0.75]))
  }

  @Test func oneHotPutsTheClassesLast() {
    #expect(Tensor([2, 0]).oneHot(classes: 3) == Tensor([[0, 0, 1], [1, 0, 0]] as [[Float]]))
    #expect(Tensor([[1], [0]]).oneHot(classes: 2).shape == [2, 1, 2])
  }

  @Test func randomTensorsFollowTheirDistribution() {
    let uniform = Tensor.random(uniform: -2...4, shape: [100, 100], seed: 1)
    #expect(abs(uniform.mean() - 1) < 0.05)
    #expect(abs(uniform.variance() - 3) < 0.1)
    #expect(uniform.min() >= -2 && uniform.max() <= 4)
    let normal = Tensor.random(normal: (mean: 5, deviation: 2), shape: [10_000], seed: 2)
    #expect(abs(normal.mean() - 5) < 0.06)
    #expect(abs(normal.standardDeviation() - 2) < 0.04)
    let dice = Tensor.random(integers: 1..<7, shape: [6000], seed: 3)
    #expect(dice.elementType == .int32)
    for side in 1...6 { #expect(abs(dice.integers.count { $0 == side } - 1000) < 120) }
  }

  @Test func aSeedDecides() {
    let a = Tensor.random(uniform: 0...1, shape: [5], seed: 9)
    #expect(a == Tensor.random(uniform: 0...1, shape: [5], seed: 9))
    #expect(a != Tensor.random(uniform: 0...1, shape: [5], seed: 10))
  }
}
