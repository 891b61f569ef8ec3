/// Where all buffers of a plan lie.
final class Placement {
  let views: UnsafeMutablePointer<View>
  private let memory: Memory
  /// Floats of all memory that the plan takes.
  let floats: Int

  /// Gives every buffer its place.
  ///
  /// What lives within one segment becomes scratch of the worker: the rows of a chunk, at the same address for every
  /// chunk, never leaving the cache. What lives longer has its place in the arena. In both, buffers whose lives do not
  /// overlap share memory.
  init(_ plan: Plan, _ phases: [Phase], shards: Int) {
    let lives = Lives(plan, phases, shards)
    let workers = plan.settings.workers, capacity = plan.settings.capacity
    var end = 0
    func take(_ count: Int) -> Int {
      defer { end += Memory.rounded(count) }
      return end
    }

    let arena = Self.pack(lives.arena.map(\.piece))
    let arenaStart = take(arena.total)
    let scratch = lives.scratch.map { Self.pack($0.map(\.piece)) }
    let scratchSize = Memory.rounded(scratch.map(\.total).max() ?? 0)
    let scratchStart = take(scratchSize * workers)

    var places: [(offset: Int, view: (row: Int, shard: Int, worker: Int))?] = Array(repeating: nil, count: plan.extents.count)
    for (life, offset) in zip(lives.arena, arena.offsets) {
      places[life.buffer.index] = (arenaStart + offset, life.isOfShards ? (0, life.count, 0) : (life.count, 0, 0))
    }
    for (segment, packed) in zip(lives.scratch, scratch) {
      for (life, offset) in zip(segment, packed.offsets) {
        places[life.buffer.index] = (scratchStart + offset, (0, 0, scratchSize))
      }
    }
    for (index, extent) in plan.extents.enumerated() {
      switch extent {
      case .perRow(let count) where places[index] == nil: places[index] = (take(count * capacity), (count, 0, 0))
      case .perShard(let count) where places[index] == nil:
        places[index] = (take(Memory.rounded(count) * shards), (0, Memory.rounded(count), 0))
      case .perWorker(let count): places[index] = (take(Memory.rounded(count) * workers), (0, 0, Memory.rounded(count)))
      case .once(let count): places[index] = (take(count), (0, 0, 0))
      case .perRow, .perShard, .fixed: break
      }
    }

    memory = Memory(floats: end)
    floats = end
    views = .allocate(capacity: plan.extents.count)
    for (index, extent) in plan.extents.enumerated() {
      let view: View
      if case .fixed(let address, _) = extent {
        view = View(base: address)
      } else {
        let place = places[index]!
        view = View(base: memory.base + place.offset, row: place.view.row, shard: place.view.shard, worker: place.view.worker)
      }
      (views + index).initialize(to: view)
    }
  }

  deinit { views.deallocate() }

  /// Fills all memory with numbers that show where they are used.
  func spoil() { memory.base.update(repeating: .nan, count: floats) }

  /// Offsets for pieces of memory such that no two overlap that are in use at the same time: large ones first, each as low
  /// as it fits.
  static func pack(_ pieces: [(from: Int, through: Int, size: Int)]) -> (offsets: [Int], total: Int) {
    var offsets = Array(repeating: 0, count: pieces.count), total = 0
    var placed: [Int] = []
    for index in pieces.indices.sorted(by: { (pieces[$0].size, $1) > (pieces[$1].size, $0) }) {
      let piece = pieces[index]
      let rivals = placed.filter { pieces[$0].from <= piece.through && piece.from <= pieces[$0].through }
      var offset = 0
      for rival in rivals.sorted(by: { offsets[$0] < offsets[$1] }) {
        if offset + piece.size <= offsets[rival] { break }
        offset = max(offset, offsets[rival] + pieces[rival].size)
      }
      offsets[index] = offset
      total = max(total, offset + piece.size)
      placed.append(index)
    }
    return (offsets, total)
  }
}

/// From when to when each buffer of rows or shards is in use.
private struct Lives {
  struct Life {
    let buffer: Buffer
    /// Floats of a row or shard.
    let count: Int
    /// How many of them: those of a batch, and for scratch those of a chunk.
    let rows: Int
    var isOfShards = false
    var from, through: Int

    var piece: (from: Int, through: Int, size: Int) { (from, through, Memory.rounded(count * rows)) }
  }

  /// Buffers that outlive a segment, in numbers of phases. Sums over a shard's rows do, because a meeting adds them up.
  private(set) var arena: [Life] = []
  /// For each segment the buffers that only it touches, in numbers of its steps.
  private(set) var scratch: [[Life]] = []

  init(_ plan: Plan, _ phases: [Phase], _ shards: Int) {
    var home: [Buffer: Int] = [:], wanderers = plan.kept
    var firstPhase: [Buffer: Int] = [:], lastPhase: [Buffer: Int] = [:]
    var segments: [Segment] = []
    for (number, phase) in phases.enumerated() {
      func touch(_ step: Step, _ segment: Int?) {
        for buffer in step.reads + step.writes {
          firstPhase[buffer] = firstPhase[buffer] ?? number
          lastPhase[buffer] = number
          guard let segment else { wanderers.insert(buffer); continue }
          if home[buffer, default: segment] != segment { wanderers.insert(buffer) }
          home[buffer] = segment
        }
      }
      switch phase {
      case .shared(let steps): steps.forEach { touch($0, nil) }
      case .byRows(let parts):
        for part in parts {
          part.steps.forEach { touch($0, segments.count) }
          segments.append(part)
        }
      }
    }

    scratch = Array(repeating: [], count: segments.count)
    for (number, segment) in segments.enumerated() {
      var places: [Buffer: Int] = [:]
      for (time, step) in segment.steps.enumerated() {
        for buffer in step.reads + step.writes where !wanderers.contains(buffer) {
          guard case .perRow(let count) = plan.extents[buffer.index] else { continue }
          if let place = places[buffer] {
            scratch[number][place].through = time
          } else {
            places[buffer] = scratch[number].count
            scratch[number].append(Life(buffer: buffer, count: count, rows: segment.chunkRows, from: time, through: time))
          }
        }
      }
    }
    for buffer in wanderers.sorted(by: { $0.index < $1.index }) {
      let isKept = plan.kept.contains(buffer)
      func live(_ count: Int, _ rows: Int, isOfShards: Bool) {
        arena.append(
          Life(
            buffer: buffer, count: count, rows: rows, isOfShards: isOfShards, from: isKept ? 0 : firstPhase[buffer] ?? 0,
            through: isKept ? phases.count : lastPhase[buffer] ?? 0))
      }
      switch plan.extents[buffer.index] {
      case .perRow(let count): live(count, plan.settings.capacity, isOfShards: false)
      case .perShard(let count): live(Memory.rounded(count), shards, isOfShards: true)
      default: break
      }
    }
  }
}
