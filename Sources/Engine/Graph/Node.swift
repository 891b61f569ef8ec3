import Synchronization

/// An immutable vertex of an expression: an operation, its inputs, and the shape that one sample of the result has.
///
/// Layers, losses and activations are written by combining nodes (`x.matmul(kernel) + bias`). Nothing is computed while
/// they are combined; a `Program` is planned from the finished expression and then run as often as wanted.
///
/// A node never knows the batch axis. `x.shape` is the shape of one sample, and axes count from its first one.
public final class Node {
  package let op: any Op
  /// The nodes that this one is computed from.
  public let inputs: [Node]
  /// The shape of one sample.
  public let shape: Shape
  /// Why this expression cannot be computed, if it cannot: the first fault on the way here.
  package let error: ModelError?
  /// Whether the value differs from sample to sample; weights and what is computed from weights alone do not.
  public let isPerSample: Bool
  /// Later nodes have larger numbers. Only the order counts: layers are named in the order in which they were made.
  package let serial: Int

  /// What an operation makes of some nodes.
  public init(_ op: any Op, _ inputs: [Node] = []) {
    self.op = op
    self.inputs = inputs
    serial = Self.made.wrappingAdd(1, ordering: .relaxed).newValue
    isPerSample = op.isSource ? op.isPerSampleSource : inputs.contains(where: \.isPerSample)
    var error = inputs.lazy.compactMap(\.error).first
    var shape = inputs.first?.shape ?? []
    if error == nil {
      do {
        shape = try op.shape(inputs.map(\.shape))
        if let empty = shape.dimensions.first(where: { $0 < 1 }) {
          throw ModelError(.shape, "the result would have shape \(shape): an axis of length \(empty) holds nothing")
        }
        if shape.dimensions.contains(where: { $0 > Shape.longestAxis }) || shape.count == .max {
          throw ModelError(.shape, "the result would have shape \(shape), which is too large")
        }
        if shape.rank > Shape.mostAxes {
          throw ModelError(.shape, "the result would have shape \(shape): more than \(Shape.mostAxes) axes are not supported")
        }
      } catch let fault as ModelError {
        error = fault
      } catch {
        preconditionFailure("a shape rule throws only ModelError, received \(error)")
      }
    }
    self.shape = shape
    self.error = error
  }

  /// A node that stands for a fault. Whoever is given it passes the fault on.
  package init(poisoned error: ModelError, shape: Shape = []) {
    op = Poison()
    inputs = []
    serial = Self.made.wrappingAdd(1, ordering: .relaxed).newValue
    isPerSample = true
    self.shape = shape
    self.error = error
  }

  /// The number of elements of one sample.
  public var count: Int { shape.count }

  package var id: ObjectIdentifier { ObjectIdentifier(self) }

  private static let made = Atomic(0)
  /// The number of the node that was made last.
  package static var lastSerial: Int { made.load(ordering: .relaxed) }
}

/// The operation of a node that carries a fault. No plan ever sees it.
private struct Poison: Op {
  let isSource = true
  func shape(_ inputs: [Shape]) throws -> Shape { [] }
  func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] { preconditionFailure("a poisoned node was planned") }
  func backward(_ site: Site, _ plan: inout Plan) {}
}

extension Node {
  /// All nodes that `outputs` are computed from, inputs before what uses them.
  package static func sorted(_ outputs: [Node]) -> [Node] {
    var order: [Node] = [], seen: Set<ObjectIdentifier> = []
    // A stack of our own: expressions may be deeper than the stack of a thread allows.
    var stack: [(node: Node, next: Int)] = []
    for output in outputs where seen.insert(output.id).inserted {
      stack.append((output, 0))
      while let (node, next) = stack.last {
        if next < node.inputs.count {
          stack[stack.count - 1].next += 1
          let input = node.inputs[next]
          if seen.insert(input.id).inserted { stack.append((input, 0)) }
        } else {
          order.append(node)
          stack.removeLast()
        }
      }
    }
    return order
  }
}
