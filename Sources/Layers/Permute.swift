import DeepSwiftEngine

/// The axes of a sample in another order. As in Keras, they are counted from 1: `Permute([2, 1])` swaps two.
public struct Permute: Layer {
  public var name: String?
  /// Which axis comes where, counted from 1.
  public var order: [Int]

  /// `Permute([2, 1])` exchanges two axes.
  public init(_ order: [Int], name: String? = nil) {
    self.order = order
    self.name = name
  }

  public func forward(_ x: Node, _ weights: Weights) -> Node {
    guard order.sorted() == Array(1..<x.shape.rank + 1) else {
      return x.poisoned("\(order) is no order of the axes of a sample of shape \(x.shape): name each of 1...\(x.shape.rank) once")
    }
    return x.transposed(order.map { $0 - 1 })
  }
}
