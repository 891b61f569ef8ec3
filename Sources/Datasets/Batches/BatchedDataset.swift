import DeepSwiftEngine

/// Samples that a model is trained or measured on in one step.
public struct Batch: Sendable {
  /// The tensors of a model's inputs by name, the first axis counting samples. A single input may be called "".
  public var inputs: [String: Tensor]
  /// The targets of its outputs by name. A single output may be called ""; without targets there is nothing to learn.
  public var targets: [String: Tensor]
  /// How much each sample counts, `[count]`.
  public var sampleWeight: Tensor?

  /// For models with one input and one output.
  public init(x: Tensor, y: Tensor? = nil, sampleWeight: Tensor? = nil) {
    self.init(inputs: ["": x], targets: y.map { ["": $0] } ?? [:], sampleWeight: sampleWeight)
  }

  /// For models with several inputs or outputs.
  public init(inputs: [String: Tensor], targets: [String: Tensor], sampleWeight: Tensor? = nil) {
    (self.inputs, self.targets, self.sampleWeight) = (inputs, targets, sampleWeight)
  }

  /// The tensor of the only input.
  public var x: Tensor {
    get {
      precondition(inputs.count == 1, "x needs a batch of one input, this one has \(inputs.keys.sorted())")
      return inputs.values.first!
    }
    set { inputs = [inputs.keys.first ?? "": newValue] }
  }

  /// The target of the only output, if there is one.
  public var y: Tensor? {
    precondition(targets.count <= 1, "y needs a batch of at most one target, this one has \(targets.keys.sorted())")
    return targets.values.first
  }

  /// The number of samples.
  public var count: Int { inputs.values.first?.shape.dimensions.first ?? 0 }
}

/// A data set that hands out batch after batch, however it comes by them. It can be gone through again and again.
///
///     struct Squares: BatchedDataset {
///       let batchCount: Int? = 100
///       func makeBatches(pass: Int) -> any BatchIterator {
///         BatchSequence((0..<100).lazy.map { _ in
///           let x = Tensor.random(uniform: -1...1, shape: [32, 1])
///           return Batch(x: x, y: x * x)
///         })
///       }
///     }
public protocol BatchedDataset {
  /// How many batches one pass has; `nil` if nobody can know beforehand.
  var batchCount: Int? { get }

  /// Begins a pass through the data. `pass` counts the epochs from 0: who shuffles does it differently in each pass, and in the
  /// same way when the same pass is asked for again.
  func makeBatches(pass: Int) throws -> any BatchIterator
}

extension BatchedDataset {
  /// Begins the first pass.
  public func makeBatches() throws -> any BatchIterator { try makeBatches(pass: 0) }
}

/// Hands out the batches of one pass; `nil` is the end.
public protocol BatchIterator {
  /// The next batch; `nil` when there is none left.
  mutating func next() throws -> Batch?
}

/// The batches of any Swift sequence.
public struct BatchSequence: BatchIterator {
  private var iterator: any IteratorProtocol<Batch>

  /// The batches of any sequence.
  public init(_ batches: some Sequence<Batch>) { iterator = batches.makeIterator() }

  /// The next batch; `nil` when there is none left.
  public mutating func next() -> Batch? { iterator.next() }
}
