import Synchronization

/// A weight: a name, a shape, first values, and the place where its numbers live for good.
///
/// A parameter has identity. Models that share a layer share its parameters, and its numbers keep their address, so that
/// programs of several models may work on them in turn.
public final class Parameter {
  /// The name within its layer: `kernel`.
  public let name: String
  /// The layer's name and the weight's: `dense_1/kernel`.
  public package(set) var path: String
  /// The shape of the weight.
  public let shape: Shape
  package let initializer: any Initializer
  package let regularizer: (any Regularizer)?
  /// Whether an optimizer may ever change it; moving statistics are changed by the layer itself.
  package let isTrainable: Bool
  /// Its numbers; `nil` until a `ParameterStore` has taken it in.
  package fileprivate(set) var values: UnsafeMutablePointer<Float>!
  /// Keeps the memory alive.
  fileprivate var home: Memory?

  package init(
    _ name: String, path: String, shape: Shape, initializer: any Initializer, regularizer: (any Regularizer)?,
    isTrainable: Bool
  ) {
    self.name = name
    self.path = path
    self.shape = shape
    self.initializer = initializer
    self.regularizer = regularizer
    self.isTrainable = isTrainable
  }

  package var count: Int { shape.count }
  package var hasValues: Bool { home != nil }
  package var id: ObjectIdentifier { ObjectIdentifier(self) }

  /// Counts the changes of weights, of whatever model: what was worked out from weights holds while it stays the same.
  private static let changeCount = Atomic<Int>(0)
  package static var changes: Int { changeCount.load(ordering: .relaxed) }
  package static func noteChange() { changeCount.wrappingAdd(1, ordering: .relaxed) }

  /// A copy of the numbers, or new numbers for it.
  package var tensor: Tensor {
    get { Tensor(Array(UnsafeBufferPointer(start: values, count: count)), shape: shape) }
    set {
      precondition(newValue.shape == shape, "\(path) has shape \(shape), received \(newValue.shape)")
      newValue.withUnsafeFloats { values.update(from: $0.baseAddress!, count: count) }
      Self.noteChange()
    }
  }

  /// The numbers where they lie, to be written out without a copy: they change as training goes on.
  package var view: Tensor {
    let storage = Storage(bytes: values, byteCount: count * 4) { [home] _ in withExtendedLifetime(home) {} }
    return Tensor(shape: shape, elementType: .float32, storage: storage)
  }
}

/// Memory for a model's weights: one flat block, in which trainable ones come first.
///
/// Copying a block copies all weights of a model at once. A block never moves, and lives as long as any of its parameters.
package final class ParameterStore {
  package let parameters: [Parameter]
  package let values: UnsafeMutablePointer<Float>
  package let count: Int
  private let memory: Memory

  /// Whether weights get first values; a model that is read from a file has its values from there.
  @TaskLocal package static var drawsFirstValues = true

  /// Takes in parameters that have no home yet, and gives them their first values.
  package init(_ newcomers: [Parameter], seed: UInt64) {
    parameters = newcomers.filter(\.isTrainable) + newcomers.filter { !$0.isTrainable }
    count = parameters.reduce(0) { $0 + Memory.rounded($1.count) }
    memory = Memory(floats: count)
    values = memory.base
    for parameter in parameters {
      precondition(parameter.home == nil, "\(parameter.path) has a home already")
      parameter.values = memory.take(parameter.count)
      parameter.home = memory
      guard Self.drawsFirstValues else { continue }
      // Keyed by the weight's name, so that adding a layer changes nobody else's first values.
      let random = RandomSource(seed: seed, key: parameter.path)
      let first = parameter.initializer.values(shape: parameter.shape, random: random)
      precondition(
        first.count == parameter.count,
        "\(type(of: parameter.initializer)) gave \(first.count) values for shape \(parameter.shape)")
      parameter.values.update(from: first, count: parameter.count)
    }
  }

  /// A copy of all weights in the block.
  package var snapshot: [Float] {
    get { Array(UnsafeBufferPointer(start: values, count: count)) }
    set {
      precondition(newValue.count == count, "a snapshot of \(count) numbers is needed, received \(newValue.count)")
      values.update(from: newValue, count: count)
      Parameter.noteChange()
    }
  }
}

/// A parameter's place in an expression.
package struct ParameterOp: Op {
  package let parameter: Parameter
  /// Whether this use of it lets gradients through: both the parameter and its layer have to be trainable.
  package let isTrained: Bool
  package let isSource = true

  package func shape(_ inputs: [Shape]) -> Shape { parameter.shape }
  package func forward(_ site: Site, _ plan: inout Plan) -> [Buffer] { [] }
  package func backward(_ site: Site, _ plan: inout Plan) {}
}
