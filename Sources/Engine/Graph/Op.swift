/// One operation: its shape rule, and the steps that compute it and its gradient.
///
/// An op does not run anything. It adds steps to a plan, each either *by rows* (any few samples can be done on their own)
/// or *shared* (needs all samples at once, and is cut into parts along something else). Batch normalization, for example,
/// is a step by rows that sums, a shared step that adds up the sums, and a step by rows that applies them.
public protocol Op {
  /// The shape of one sample of the result. Throws a `ModelError` that says what was expected and what came.
  func shape(_ inputs: [Shape]) throws -> Shape

  /// Adds the steps of `output = f(inputs)` and returns the buffers that `backward` will want to see again.
  func forward(_ site: Site, _ plan: inout Plan) -> [Buffer]

  /// Adds the steps that turn `outputGradient` into the gradients of those inputs that have one.
  func backward(_ site: Site, _ plan: inout Plan)

  /// Whether the output went through a rectifier. Then its gradient buffer holds the gradient *before* the rectifier: each
  /// consumer masks what it writes, where the store is free, instead of a pass of its own over memory.
  var rectifies: Bool { get }

  /// Whether `backward` masks the gradients that it writes by `site.masks`. If not, the planner adds a step that does.
  var masksInputGradients: Bool { get }

  /// The inputs whose gradient is the output's own, so that it need not be computed but can share its memory. Not where
  /// such an input is rectified and nobody else adds to its gradient: then `backward` copies and masks.
  func inputsSharingGradient(of node: Node) -> [Int]

  /// Whether the output is the input's memory under another shape, so that there is nothing to compute.
  func isView(in mode: Mode) -> Bool

  /// Whether gradients can flow back through it at all; not through a comparison, for example.
  var passesGradients: Bool { get }

  /// Whether a value comes from outside of the expression: data, weights, constants.
  var isSource: Bool { get }

  /// Of a source: whether its value differs from sample to sample.
  var isPerSampleSource: Bool { get }
}

extension Op {
  public var rectifies: Bool { false }
  public var masksInputGradients: Bool { false }
  public func inputsSharingGradient(of node: Node) -> [Int] { [] }
  public func isView(in mode: Mode) -> Bool { false }
  public var passesGradients: Bool { true }
  public var isSource: Bool { false }
  public var isPerSampleSource: Bool { false }
}

/// An op whose value is one cheap pass over an input that it keeps for its own way back. Its value need not be kept as well:
/// where others need it on the way back, it is computed again, when what it is computed from comes into the cache anyway.
protocol RepeatedOp: Op {
  /// Adds the step that computes the value into `copy`, no earlier than `after` is known. The bits are the same.
  func computeAgain(_ site: Site, into copy: Buffer, after: Buffer, _ plan: inout Plan)
}

/// What a program is for. Dropout and batch normalization behave differently in each.
public enum Mode: Sendable {
  /// With dropout and the statistics of the batch, or without chance and with moving statistics.
  case training, inference
}

/// What an op finds at its place in the graph.
public struct Site {
  /// The node that the operation stands in.
  public let node: Node
  /// Where its inputs lie.
  public package(set) var inputs: [Buffer]
  /// Where its output goes.
  public package(set) var output: Buffer
  /// The gradient that reaches this node; meaningless in `forward`.
  public let outputGradient: Buffer
  /// Where the gradient toward each input goes, `nil` where nobody asks for it.
  public let inputGradients: [Buffer?]
  /// The value to mask an input's gradient with, if that input is rectified.
  public package(set) var masks: [Buffer?]
  /// What `forward` returned.
  public package(set) var kept: [Buffer] = []

  /// Whether the op's value differs from sample to sample. If not, it is computed once for all.
  public var isPerSample: Bool { node.isPerSample }

  /// Whether an input is shared by all samples while the output is not: its gradient is a sum over the rows.
  public func sumsOverRows(_ input: Int) -> Bool { node.isPerSample && !node.inputs[input].isPerSample }
}
