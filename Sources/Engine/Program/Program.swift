import DeepSwiftKernels

/// The table of kernels for this processor, chosen at first use.
nonisolated(unsafe) let kernels = ds_select_kernels().pointee

/// An expression that was planned beforehand: phases of segments of steps, over memory that is never taken again.
package final class Program {
  package let inputs: [Node]
  package let settings: ProgramSettings
  /// The weights that get gradients, in the order of their gradients.
  package let trained: [TrainedWeight]
  /// The gradients of all of them, one behind the other.
  package let gradients: UnsafeMutableBufferPointer<Float>
  package let profile: Profile?
  let phases: [Phase]
  /// Into how many shards a batch is cut at most.
  let shards: Int

  private let outputs, losses, penalties: [Buffer]
  private let inputGradientBuffers: [ObjectIdentifier: Buffer]
  private let parameters: [Parameter]
  private let constants: Constants
  private let gradientMemory: Memory
  private let placement: Placement
  private let preparation, itinerary: Itinerary
  /// The state of the weights that the preparation was done for.
  private var preparedFor: Int?
  private let workers: Workers
  private let workerCount: Int
  private let batch: UnsafeMutablePointer<StepInput>
  private var stage: UnsafePointer<Itinerary.Stage>!
  /// One worker's share of the current phase, made once so that a run allocates nothing.
  private var job: (Int) -> Void = { _ in }

  /// Plans the computation of `outputs` and, for training, of the gradient of `Σ weight · mean(loss) + Σ penalties`.
  ///
  /// - Parameters:
  ///   - inputs: nodes made by `Input(shape:)`, in the order of a batch's sources.
  ///   - outputs: values that differ from sample to sample.
  ///   - update: adds the steps that change the weights by their gradients.
  package init(
    inputs: [Node], outputs: [Node], losses: [LossTerm] = [], penalties: [Node] = [], settings: ProgramSettings,
    update: ((inout Plan, [TrainedWeight]) -> Void)? = nil
  ) throws {
    if let error = (outputs + losses.map(\.value) + penalties).lazy.compactMap(\.error).first { throw error }
    if let index = outputs.firstIndex(where: { !$0.isPerSample }) {
      throw ModelError(.shape, "output \(index) does not depend on any input: it is the same for all samples")
    }
    let planner = Planner(
      inputs: inputs, outputs: outputs, losses: losses, penalties: penalties, settings: settings, update: update)
    var plan = planner.plan
    profile = settings.isProfiling ? Profile(workers: settings.workers, steps: plan.steps.count) : nil
    if let profile { plan.replaceSteps(profile.timing) }
    self.inputs = inputs
    self.settings = settings
    (self.outputs, self.losses, self.penalties) = (planner.outputs, planner.losses, planner.penalties)
    trained = planner.trained
    inputGradientBuffers = planner.inputGradients
    // Their memory must outlive the addresses in the plan.
    parameters = Node.sorted(outputs + losses.map(\.value) + penalties).compactMap { ($0.op as? ParameterOp)?.parameter }
    constants = plan.constants
    gradientMemory = planner.gradients
    gradients = UnsafeMutableBufferPointer(start: planner.gradients.base, count: planner.gradientCount)
    shards = plan.shardCount()
    // In training the weights change with every step.
    let (prepared, rest) = settings.mode == .training ? ([], plan.phases()) : plan.preparedPhases()
    phases = prepared + rest
    placement = Placement(plan, phases, shards: shards)
    preparation = Itinerary(prepared, work: plan.work)
    itinerary = Itinerary(rest, work: plan.work)
    workers = Workers.team(of: settings.workers)
    workerCount = settings.workers
    batch = .allocate(capacity: 1)
    job = { [unowned(unsafe) self] worker in work(worker) }
  }

  deinit { batch.deallocate() }

  /// Runs everything once on `next`. Allocates nothing.
  package func run(_ next: StepInput) {
    precondition(
      1...settings.capacity ~= next.rows, "a batch has 1 to \(settings.capacity) rows, received \(next.rows)")
    batch.initialize(to: next)
    batch.pointee.shards = min(shards, next.rows)
    workers.borrow(for: job) { isMine in
      if settings.mode == .inference {
        let changes = Parameter.changes
        if changes != preparedFor { preparation.stages.forEach { run($0, isMine) } }
        preparedFor = changes
      }
      for stage in itinerary.stages { run(stage, isMine) }
    }
    if settings.mode == .training { Parameter.noteChange() }
  }

  /// - Parameter isMine: whether the team of workers is ready for this program.
  private func run(_ next: Itinerary.Stage, _ isMine: Bool) {
    withUnsafePointer(to: next) {
      stage = $0
      // Waking somebody costs more than a small job, and rows of one shard are one worker's anyway.
      let isSmall = next.work * batch.pointee.rows < 1 << 17
      let isAlone = next.byRows ? batch.pointee.shards == 1 : isSmall && workers.someoneSleeps
      if isMine && !isAlone { workers.run() } else { (0..<workerCount).forEach(work) }
    }
  }

  /// An output's rows, valid until the next run.
  package func output(_ index: Int) -> UnsafePointer<Float> { UnsafePointer(address(outputs[index])) }

  /// A loss for each row, not yet weighted by its term's weight.
  package func loss(_ index: Int) -> UnsafePointer<Float> { UnsafePointer(address(losses[index])) }

  package func penalty(_ index: Int) -> Float { address(penalties[index]).pointee }

  /// The gradient toward an input's rows, where the settings asked for it and the loss depends on it.
  package func gradient(toward input: Node) -> UnsafePointer<Float>? {
    guard let op = input.op as? InputOp else { return nil }
    return inputGradientBuffers[ObjectIdentifier(op.key)].map { UnsafePointer(address($0)) }
  }

  /// Fills all of the program's memory with numbers that would show if a run relied on what was there. For tests.
  package func spoil() {
    placement.spoil()
    preparedFor = nil
    gradients.update(repeating: .nan)
  }

  /// Floats of memory that the program has for itself.
  package var memoryFloats: Int { placement.floats + gradients.count }

  private func address(_ buffer: Buffer) -> UnsafeMutablePointer<Float> { placement.views[buffer.index].base }

  /// The share of one worker in the current phase.
  private func work(_ worker: Int) {
    var chunk = Chunk(views: placement.views, batch: UnsafePointer(batch))
    chunk.worker = worker
    let stage = stage.pointee
    if stage.byRows {
      for walk in stage.walks {
        for shard in share(of: batch.pointee.shards, worker, of: workerCount) { follow(walk, shard, &chunk) }
      }
    } else {
      for call in stage.walks[0].calls {
        call._withUnsafeGuaranteedRef {
          // What is done once is done by the first worker, on one row.
          chunk.rows = $0.parts == 0 ? 1 : batch.pointee.rows
          chunk.parts = share(of: max($0.parts, 1), worker, of: workerCount)
          if !chunk.parts.isEmpty { $0.body(chunk) }
        }
      }
    }
  }

  /// Takes the rows of one shard through the steps of a walk, in chunks that are about equal.
  private func follow(_ walk: Itinerary.Walk, _ shard: Int, _ chunk: inout Chunk) {
    let rows = share(of: batch.pointee.rows, shard, of: batch.pointee.shards)
    chunk.shard = shard
    let chunks = (rows.count + walk.chunkRows - 1) / walk.chunkRows
    for index in 0..<chunks {
      let piece = share(of: rows.count, index, of: chunks)
      chunk.isFirst = index == 0
      (chunk.firstRow, chunk.rows) = (rows.lowerBound + piece.lowerBound, piece.count)
      for call in walk.calls { call._withUnsafeGuaranteedRef { $0.body(chunk) } }
    }
    chunk.firstRow = 0
  }
}

extension Program: CustomStringConvertible {
  /// The name of the kernels that this processor runs: avx512, avx2, baseline.
  package static var kernelName: String { String(cString: kernels.name) }

  /// The phases and segments, to be read by people.
  package var description: String { table { _ in "" } }

  /// The same with the microseconds that each step took on average of `runs`, as long as steps are timed.
  package func timeTable(runs: Int) -> String {
    guard let profile else { return description }
    return table { step in
      let time = String(Int(profile.microseconds(step) / Double(runs) + 0.5))
      return String(repeating: " ", count: max(0, 8 - time.utf8.count)) + time + " µs  "
    }
  }

  private func table(_ note: (Step) -> String) -> String {
    phases.map { phase in
      switch phase {
      case .shared(let steps): "meet\n  shared\n" + lines(steps, note)
      case .byRows(let segments):
        "meet\n" + segments.map { "  \($0.chunkRows) rows at a time\n" + lines($0.steps, note) }.joined(separator: "\n")
      }
    }.joined(separator: "\n")
  }

  private func lines(_ steps: [Step], _ note: (Step) -> String) -> String {
    steps.map { "    " + note($0) + $0.name }.joined(separator: "\n")
  }
}

/// The `index`-th of `count` nearly equal shares of `0..<total`.
@inline(__always)
func share(of total: Int, _ index: Int, of count: Int) -> Range<Int> {
  total * index / count..<total * (index + 1) / count
}
