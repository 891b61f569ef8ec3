/// One call to a kernel, waiting to be told where.
struct Step {
  enum Kind: Equatable {
    /// Any few rows on their own.
    case byRows
    /// All rows at once, cut into parts along something else.
    case shared(parts: Int)
    /// On values that all rows share: one call with one row.
    case once
  }
  let name: String
  let kind: Kind
  /// Its place in the plan.
  var number: Int
  let reads: [Buffer], writes: [Buffer]
  /// Whether a step by rows gets all rows of a shard at once, because it cuts them by itself.
  var takesWholeShards = false
  /// Of a shared step: how much it does with one row, if that is more than going through the numbers that all rows share.
  var work = 0
  /// Runs on one chunk. It must not allocate.
  var body: (Chunk) -> Void
}

/// The steps of a program in an order that is right, and the buffers they speak of. Segments and addresses come later.
public struct Plan {
  let settings: ProgramSettings
  private(set) var steps: [Step] = []
  private(set) var extents: [Extent] = []
  /// Buffers that somebody reads or writes between two runs, so that they need a place of their own.
  private(set) var kept: Set<Buffer> = []
  /// Scratch that each step of a worker may use while it runs.
  let room = Buffer(index: 0)
  private var roomSize = 1
  /// A shard has at least so many rows, if the batch does: some steps are slow with few of them.
  private(set) var rowsOfShard = 1
  let constants = Constants()
  /// The place of each input among the sources of a batch.
  private(set) var sources: [ObjectIdentifier: Int] = [:]

  init(_ settings: ProgramSettings) {
    self.settings = settings
    extents = [.perWorker(roomSize)]
  }

  /// Whether training or inference is planned.
  public var mode: Mode { settings.mode }
  /// Whether predictions for single rows are planned: workers share an image or a sequence instead of a batch.
  private var isOfOneRow: Bool { settings.capacity == 1 && mode == .inference }

  /// Among how many workers a single row is shared out: one alone if less than about 5 µs of work make a meeting not worth it.
  func workers(forOneRowOf site: Site, products: Int) -> Int {
    isOfOneRow && site.isPerSample && products >= 1 << 20 ? settings.workers : 1
  }

  /// Room for values, of so many elements.
  public mutating func buffer(_ extent: Extent) -> Buffer {
    extents.append(extent)
    return Buffer(index: extents.count - 1)
  }

  /// A step that can be done a few rows at a time.
  public mutating func byRows(
    _ name: String, reads: [Buffer?], writes: [Buffer?], _ body: @escaping (Chunk) -> Void
  ) {
    add(name, .byRows, reads, writes, body)
  }

  /// A step by rows that gets all rows of a shard in one call. It cuts them by itself, and is slow if there are fewer than
  /// `rows`.
  mutating func eachShard(
    _ site: Site, _ name: String, atLeast rows: Int, reads: [Buffer?], writes: [Buffer?], _ body: @escaping (Chunk) -> Void
  ) {
    each(site, name, reads: reads, writes: writes, body)
    steps[steps.count - 1].takesWholeShards = true
    if site.isPerSample { rowsOfShard = Swift.max(rowsOfShard, rows) }
  }

  /// A step on all rows, cut into `parts`. The result must not depend on who does which part.
  public mutating func shared(
    _ name: String, parts: Int, reads: [Buffer?], writes: [Buffer?], _ body: @escaping (Chunk) -> Void
  ) {
    shared(name, parts: parts, reads: reads, writes: writes, work: 0, body)
  }

  /// - Parameter work: how much is done with one row, as numbers that go through a thread.
  mutating func shared(
    _ name: String, parts: Int, reads: [Buffer?], writes: [Buffer?], work: Int, _ body: @escaping (Chunk) -> Void
  ) {
    add(name, .shared(parts: parts), reads, writes, body)
    steps[steps.count - 1].work = work
  }

  /// A step by rows where a value differs from sample to sample, a single call with one row where it does not.
  public mutating func each(
    _ site: Site, _ name: String, reads: [Buffer?], writes: [Buffer?], _ body: @escaping (Chunk) -> Void
  ) {
    add(name, site.isPerSample ? .byRows : .once, reads, writes, body)
  }

  /// A buffer for a value of the kind that `node` has.
  public mutating func buffer(for node: Node) -> Buffer { buffer(node.isPerSample ? .perRow(node.count) : .once(node.count)) }

  /// Scratch of at least so many floats for each worker while a step runs.
  mutating func room(floats: Int) -> Buffer {
    roomSize = Swift.max(roomSize, floats)
    extents[room.index] = .perWorker(roomSize)
    return room
  }

  /// Leaves `buffer` readable between runs.
  mutating func keep(_ buffer: Buffer) { kept.insert(buffer) }

  mutating func numberSources(_ inputs: [Node]) {
    for (index, input) in inputs.enumerated() {
      guard let op = input.op as? InputOp else { preconditionFailure("a program's inputs are made by Input(shape:)") }
      sources[ObjectIdentifier(op.key)] = index
    }
  }

  private mutating func add(
    _ name: String, _ kind: Step.Kind, _ reads: [Buffer?], _ writes: [Buffer?], _ body: @escaping (Chunk) -> Void
  ) {
    // Rooms belong to a worker, so that no step ever has to wait for another's.
    let reads = reads.compactMap { $0 }.filter { $0 != room }, writes = writes.compactMap { $0 }.filter { $0 != room }
    steps.append(Step(name: name, kind: kind, number: steps.count, reads: reads, writes: writes, body: body))
  }

  /// Moves the last step to where others begin that need what it writes.
  mutating func moveLastStep(to place: Int) {
    steps.insert(steps.removeLast(), at: place)
    for index in place..<steps.count { steps[index].number = index }
  }

  /// Takes a buffer back that no step speaks of.
  mutating func discard(_ buffer: Buffer) { extents[buffer.index] = .once(0) }

  /// The same plan with every step's body replaced, to take its time.
  mutating func replaceSteps(_ change: (Step) -> Step) { steps = steps.map(change) }
}

extension Plan {
  /// `total = shard 0 + shard 1 + …`, always in this order. Of a value that all samples share there is one sum.
  public mutating func sumShards(_ sum: Buffer, into total: Buffer, count: Int, isPerSample: Bool = true) {
    shared("sum shards", parts: Chunk.lines(count), reads: [sum], writes: [total]) { chunk in
      let range = chunk.elements(of: count)
      kernels.sum_terms(
        isPerSample ? chunk.batch.pointee.shards : 1, Memory.rounded(count), chunk[sum], chunk[total], range.lowerBound,
        range.upperBound)
    }
  }

  /// Runs `body` to write the gradient toward an input: into its buffer, or, where all samples share the input, into sums
  /// that are then added up. `body` clears what it is given where `chunk.isFirst`.
  public mutating func gradient(
    _ site: Site, toward input: Int, _ name: String, reads: [Buffer?],
    _ body: @escaping (Chunk, UnsafeMutablePointer<Float>) -> Void
  ) {
    guard let target = site.inputGradients[input] else { return }
    if site.sumsOverRows(input) {
      let count = site.node.inputs[input].count
      let sum = buffer(.perShard(count))
      byRows(name, reads: reads, writes: [sum]) { chunk in body(chunk, chunk[sum]) }
      sumShards(sum, into: target, count: count)
    } else {
      each(site, name, reads: reads, writes: [target]) { chunk in
        var chunk = chunk
        // Every row has a gradient of its own here, so each begins anew.
        chunk.isFirst = true
        body(chunk, chunk[target])
      }
    }
  }

  /// `to = from`, masked on request.
  mutating func copy(_ from: Buffer, into to: Buffer, mask: Buffer?, count: Int, isPerSample: Bool) {
    elementwise("copy", reads: [from, mask], writes: [to], count, isPerSample) { chunk, range in
      guard let mask else {
        return (chunk[to] + range.lowerBound).update(from: chunk[from] + range.lowerBound, count: range.count)
      }
      let first = range.lowerBound
      kernels.mask_gradient(range.count, chunk[from] + first, chunk[mask] + first, chunk[to] + first)
    }
  }

  /// Adds the gradients that several consumers wrote, and masks the sum on request.
  mutating func sum(_ terms: [Buffer], into total: Buffer, mask: Buffer?, count: Int, isPerSample: Bool) {
    var sum = terms[0]
    for (index, term) in terms.enumerated().dropFirst() {
      let soFar = sum, mask = index == terms.count - 1 ? mask : nil
      elementwise("add", reads: [term, soFar, mask], writes: [total], count, isPerSample) { chunk, range in
        let first = range.lowerBound, (a, b, y) = (chunk[term] + first, chunk[soFar] + first, chunk[total] + first)
        if let mask = chunk[mask] {
          kernels.add_masked(range.count, a, b, mask + first, y)
        } else {
          kernels.add(range.count, a, b, 0, y)
        }
      }
      sum = total
    }
  }

  /// A step on each element by itself: by rows, or, where all samples share the value, cut along its elements.
  private mutating func elementwise(
    _ name: String, reads: [Buffer?], writes: [Buffer?], _ count: Int, _ isPerSample: Bool,
    _ body: @escaping (Chunk, Range<Int>) -> Void
  ) {
    if isPerSample {
      byRows(name, reads: reads, writes: writes) { chunk in body(chunk, 0..<chunk.rows * count) }
    } else {
      shared(name, parts: Chunk.lines(count), reads: reads, writes: writes) { chunk in
        body(chunk, chunk.elements(of: count))
      }
    }
  }

  /// For ops whose kernel cannot mask what it writes.
  mutating func mask(_ gradient: Buffer, by value: Buffer, count: Int, isPerSample: Bool) {
    copy(gradient, into: gradient, mask: value, count: count, isPerSample: isPerSample)
  }
}

/// Values that steps read through a pointer and that live as long as their plan: geometries of kernels.
final class Constants {
  private var release: [() -> Void] = []

  func pointer<T>(_ value: T) -> UnsafePointer<T> {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: 1)
    memory.initialize(to: value)
    release.append {
      memory.deinitialize(count: 1)
      memory.deallocate()
    }
    return UnsafePointer(memory)
  }

  func pointer<T>(array: [T]) -> UnsafeMutablePointer<T> {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: Swift.max(array.count, 1))
    memory.initialize(from: array, count: array.count)
    release.append {
      memory.deinitialize(count: array.count)
      memory.deallocate()
    }
    return memory
  }

  deinit { release.forEach { $0() } }
}
