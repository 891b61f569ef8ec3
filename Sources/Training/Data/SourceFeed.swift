import DeepSwiftDatasets
import DeepSwiftEngine

/// Says in errors which of several data are meant.
func locating<Result>(_ place: String, _ body: () throws -> Result) throws -> Result {
  do { return try body() } catch var error as ModelError {
    error.place = [place, error.place].compactMap { $0 }.joined(separator: ", ")
    throw error
  }
}

/// Batches that a source hands out one after the other. Each is checked before it is used.
final class SourceFeed: Feed {
  let stepCount: Int?
  /// What the first batch is like; programs are planned for it.
  let first: Samples
  private let source: any BatchedDataset
  private let door: DataCheck
  private let needsTargets: Bool
  private let classWeight: [Int: Float]?
  private var iterator: any BatchIterator
  private let firstPass: Int
  /// The first batch, taken before the first pass began.
  private var pending: Samples?
  /// Keeps the batch's memory while a program reads it.
  private var current: Samples?
  private let sources: UnsafeMutablePointer<Source>
  private var order = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 0)

  init(
    _ source: any BatchedDataset, _ door: DataCheck, pass: Int = 0, needsTargets: Bool = true, classWeight: [Int: Float]? = nil
  ) throws {
    self.source = source
    self.door = door
    firstPass = pass
    self.needsTargets = needsTargets
    self.classWeight = classWeight
    stepCount = source.batchCount
    iterator = try source.makeBatches(pass: pass)
    guard let batch = try iterator.next() else { throw ModelError.noBatches }
    first = try Self.checked(batch, door, needsTargets, classWeight)
    pending = first
    sources = .allocate(capacity: first.sources.count)
  }

  deinit {
    sources.deallocate()
    order.deallocate()
  }

  var batchSize: Int { first.count }

  var signature: DataSignature {
    DataSignature(batchSize: first.count, batches: stepCount, content: DataSignature.content(of: first.sources))
  }

  func begin(pass: Int, key: UInt64) throws {
    // The first pass began when the first batch was looked at.
    if pass == 0 && pending != nil { return }
    pending = nil
    iterator = try source.makeBatches(pass: firstPass + pass)
  }

  func skip(_ batches: Int) throws {
    for _ in 0..<batches {
      guard try pending != nil || iterator.next() != nil else { throw missingBatches(batches) }
      pending = nil
    }
  }

  func next(_ batch: inout StepInput) throws -> Bool {
    guard let samples = try pending ?? iterator.next().map({ try Self.checked($0, door, needsTargets, classWeight) })
    else { return false }
    pending = nil
    guard samples.targetShapes == first.targetShapes,
      samples.weights.map({ $0 == nil }) == first.weights.map({ $0 == nil })
    else { throw ModelError(.shape, "a batch has other targets or weights than the first one had") }
    current = samples
    for (index, tensor) in samples.sources.enumerated() { (sources + index).initialize(to: Source(tensor)) }
    if order.count < samples.count {
      order.deallocate()
      order = .allocate(capacity: samples.count)
      _ = order.initialize(from: 0..<Int32(samples.count))
    }
    batch.sources = sources
    batch.order = UnsafePointer(order.baseAddress!)
    batch.rows = samples.count
    return true
  }

  /// A source that has fewer batches than it said.
  static func brokenPromise(_ promised: Int, gave count: Int) -> ModelError {
    ModelError(
      .argument,
      "the source of batches promised \(promised) batches and gave \(count). Its batchCount must be right, or nil where nobody "
        + "can know.")
  }

  /// A source that has fewer batches than an epoch is to have.
  static func ranOut(after count: Int, of asked: Int) -> ModelError {
    ModelError(
      .argument,
      "stepsPerEpoch asks for \(asked) batches, but the source of batches ended after \(count). Ask for no more than it has, or "
        + "give source.repeated().")
  }

  private static func checked(
    _ batch: Batch, _ door: DataCheck, _ needsTargets: Bool, _ classWeight: [Int: Float]?
  ) throws -> Samples {
    guard needsTargets else {
      let inputs = try door.inputs(set(batch.inputs))
      return Samples(inputs: inputs, targets: [], weights: [], count: inputs[0].shape[0])
    }
    guard !batch.targets.isEmpty else {
      throw ModelError(.labels, "a batch has no targets; training and evaluation need them")
    }
    return try door.samples(set(batch.inputs), set(batch.targets)).weighted(batch.sampleWeight).weighted(classWeight, door)
  }

  /// A single tensor goes without a name.
  private static func set(_ tensors: [String: Tensor]) -> any TensorSet { tensors[""] ?? tensors }
}

extension ModelError {
  /// A source without a single batch.
  package static let noBatches = ModelError(
    .argument, "the source of batches has none. If take, skip, split or dropRemainder made it, look whether they leave any.")
}
