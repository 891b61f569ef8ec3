/// The weights of one layer while its `forward` runs: asking for a weight makes it the first time, and finds it later.
///
/// ```swift
/// let kernel = weights("kernel", [x.shape.last, units], .glorotUniform)
/// ```
public struct Weights {
  package let scope: Scope
  package let trace: Trace
  /// Whether the layer is trainable here, all that it stands in included.
  public let isTrainable: Bool

  package init(_ scope: Scope, _ trace: Trace, isTrainable: Bool) {
    self.scope = scope
    self.trace = trace
    self.isTrainable = isTrainable
  }

  /// A number made of the layer's name, to key its random numbers with: adding another layer does not change it.
  public var randomKey: UInt32 {
    scope.name.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }

  /// Adds a term to the loss that training makes small: `weights.addLoss(0.01 * square(y).sum())`.
  ///
  /// A term that differs from sample to sample counts with its mean over the batch, as the loss itself does.
  public func addLoss(_ term: Node) { trace.addLoss(term) }

  /// The weight of that name.
  ///
  /// - Parameters:
  ///   - trainable: `false` for numbers that the optimizer must leave alone, such as moving statistics.
  public func callAsFunction(
    _ name: String, _ shape: Shape, _ initializer: any Initializer, regularizer: (any Regularizer)? = nil,
    trainable: Bool = true
  ) -> Node {
    if let negative = shape.dimensions.first(where: { $0 < 0 }) {
      return Node(
        poisoned: ModelError(.shape, at: scope.title, "weight \"\(name)\" of shape \(shape): no axis has \(negative) places"))
    }
    let parameter: Parameter
    if let known = scope.parameters.first(where: { $0.name == name }) {
      guard known.shape == shape else {
        return Node(
          poisoned: ModelError(
            .shape, at: scope.title,
            "weight \"\(name)\" has shape \(known.shape), but this input asks for \(shape). A layer keeps the weights of the "
              + "first input that it saw: give it inputs of that shape, or use a layer of its own."))
      }
      parameter = known
    } else {
      parameter = Parameter(
        name, path: "\(scope.name)/\(name)", shape: shape, initializer: initializer, regularizer: regularizer,
        isTrainable: trainable)
      scope.parameters.append(parameter)
    }
    return trace.node(for: parameter, isTrained: isTrainable && trainable)
  }
}

/// The names of one layer: its own, and its weights'.
package final class Scope {
  /// The layer's name, after those of the models it stands in: `encoder/dense_1`.
  package var name: String {
    didSet { for parameter in parameters { parameter.path = "\(name)/\(parameter.name)" } }
  }
  /// The layer as errors name it: `dense_1 (Dense)`.
  package var title: String
  package internal(set) var parameters: [Parameter] = []

  package init(name: String, title: String) {
    self.name = name
    self.title = title
  }

  /// Goes back to the first `count` weights, when a trace failed and must leave nothing behind.
  package func forgetParameters(after count: Int) { parameters.removeLast(parameters.count - count) }
}

/// A layer's name and, with its type, how errors name it: `dense_1`, `dense_1 (Dense)`.
package struct LayerTitle: Sendable {
  package let name, title: String

  package init(name: String, title: String) {
    self.name = name
    self.title = title
  }
}

/// One walk through a model's layers that makes its expression: what is shared by all of them.
package final class Trace {
  private var nodes: [ObjectIdentifier: Node] = [:]
  /// The weights met, in order.
  package private(set) var parameters: [Parameter] = []
  /// What weights add to the loss, each once however often its layer is used.
  package private(set) var penalties: [Node] = []
  /// What each sample's activations add to the loss.
  package private(set) var activityPenalties: [Node] = []
  /// Which nodes were made by which layer, inner layers before the models that they stand in.
  package private(set) var origins: [(serials: ClosedRange<Int>, layer: LayerTitle)] = []

  package init() {}

  /// What a layer made of some nodes, remembered as its work.
  package func nodes(of layer: LayerTitle, _ make: () -> [Node]) -> [Node] {
    let before = Node.lastSerial, made = make(), last = Node.lastSerial
    if last > before { origins.append((before + 1...last, layer)) }
    return made
  }

  fileprivate func node(for parameter: Parameter, isTrained: Bool) -> Node {
    if let known = nodes[parameter.id] { return known }
    let node = Node(ParameterOp(parameter: parameter, isTrained: isTrained))
    nodes[parameter.id] = node
    parameters.append(parameter)
    if isTrained, let regularizer = parameter.regularizer { addLoss(regularizer(node)) }
    return node
  }

  fileprivate func addLoss(_ term: Node) {
    if term.isPerSample { activityPenalties.append(term) } else { penalties.append(term) }
  }
}
