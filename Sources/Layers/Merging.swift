import DeepSwiftEngine

extension [Node] {
  /// One node after the other, joined by a function of two.
  func merged(_ join: (Node, Node) -> Node) -> Node {
    guard count >= 2 else { return self[0].poisoned("merges at least two inputs, received \(count)") }
    return dropFirst().reduce(self[0], join)
  }
}
