import DeepSwiftEngine
import DeepSwiftTraining

/// A model's expression as inference sees it: of each choice between modes only its part, and without what passes its input on.
struct InferenceGraph {
  let expression: Expression
  /// What the model gives.
  let outputs: [Node]
  /// All nodes, inputs before what uses them.
  let nodes: [Node]
  private let uses: [ObjectIdentifier: Int]

  init(_ model: Model) throws {
    expression = try model.built()
    outputs = expression.outputs.map(Self.resolved)
    var order: [Node] = [], uses: [ObjectIdentifier: Int] = [:], seen: Set<ObjectIdentifier> = []
    // A stack of our own: expressions may be deeper than the stack of a thread allows.
    var stack: [(node: Node, inputs: [Node], next: Int)] = []
    func enter(_ node: Node) {
      uses[node.id, default: 0] += 1
      if seen.insert(node.id).inserted { stack.append((node, node.inputs.map(Self.resolved), 0)) }
    }
    for output in outputs {
      enter(output)
      while let (node, inputs, next) = stack.last {
        if next < inputs.count {
          stack[stack.count - 1].next += 1
          enter(inputs[next])
        } else {
          order.append(node)
          stack.removeLast()
        }
      }
    }
    nodes = order
    self.uses = uses
  }

  func inputs(of node: Node) -> [Node] { node.inputs.map(Self.resolved) }

  /// How often a node is used, as an output of the model too.
  func useCount(of node: Node) -> Int { uses[node.id] ?? 0 }

  /// Throws the names of all operations that `isKnown` does not know, with their layers.
  func check(_ language: String, path: String, remedy: String, isKnown: (any Op) -> Bool) throws {
    var names: [String] = []
    for node in nodes where !node.op.isSource && !isKnown(node.op) {
      let name = "\(node.op.title) in \(expression.layer(of: node)?.title ?? "an expression between layers")"
      if !names.contains(name) { names.append(name) }
    }
    guard names.isEmpty else {
      throw ModelError(.argument, at: path, "\(language) has no form for \(names.joined(separator: ", ")). \(remedy)")
    }
  }

  private static func resolved(_ node: Node) -> Node {
    var node = node
    while true {
      switch node.op {
      case is ModeOp: node = node.inputs[1]
      case is StopGradientOp, is DropoutOp: node = node.inputs[0]
      default: return node
      }
    }
  }
}

extension Op {
  /// What the operation is called in messages: its type's name without `Op`.
  var title: String {
    let name = "\(type(of: self))"
    return name.hasSuffix("Op") ? String(name.dropLast(2)) : name
  }
}
