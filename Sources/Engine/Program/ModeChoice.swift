/// An expression without what only the other mode would compute.
struct ModeChoice {
  private var chosen: [ObjectIdentifier: Node] = [:]

  init(_ roots: [Node], _ mode: Mode) {
    let order = Node.sorted(roots)
    // Most expressions are the same in both modes.
    guard order.contains(where: { $0.op is ModeOp }) else { return }
    for node in order {
      let inputs = node.inputs.map { chosen[$0.id]! }
      if node.op is ModeOp {
        chosen[node.id] = inputs[mode == .training ? 0 : 1]
      } else {
        chosen[node.id] = zip(inputs, node.inputs).allSatisfy { $0 === $1 } ? node : Node(node.op, inputs)
      }
    }
  }

  /// What `node` has become.
  subscript(node: Node) -> Node { chosen[node.id] ?? node }
}
