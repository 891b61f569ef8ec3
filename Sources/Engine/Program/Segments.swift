/// Steps that a worker walks a chunk of rows through before it takes the next chunk.
struct Segment {
  var steps: [Step]
  var chunkRows = 1
  /// Whether its steps get all rows of a shard at once.
  var takesWholeShards: Bool { steps.last?.takesWholeShards ?? false }
}

/// What happens between two meetings of the workers. Each worker goes through the segments with its own rows; from one
/// segment to the next nobody waits, because a row stays with its worker.
enum Phase {
  case byRows([Segment])
  case shared([Step])
}

extension Plan {
  /// Puts each step into the earliest phase that its inputs allow.
  ///
  /// Even phases are by rows, odd ones shared. A step by rows may follow another in the same phase; everything else that
  /// depends on a step of the same phase has to wait for the next phase of its kind, after a meeting.
  func phases() -> [Phase] { phases(of: steps) }

  /// The phases of prediction: first what works on weights and constants alone, which need not be done again before a
  /// weight changes, then the rest.
  func preparedPhases() -> (preparation: [Phase], rest: [Phase]) {
    var fixed: Set<Buffer> = []
    for (index, extent) in extents.enumerated() {
      if case .fixed = extent { fixed.insert(Buffer(index: index)) }
    }
    var preparation: [Step] = [], rest: [Step] = []
    for step in steps {
      if step.kind != .byRows, fixed.isSuperset(of: step.reads) {
        preparation.append(step)
        fixed.formUnion(step.writes)
      } else {
        rest.append(step)
      }
    }
    return (phases(of: preparation), phases(of: rest))
  }

  private func phases(of steps: [Step]) -> [Phase] {
    typealias Turn = (phase: Int, byRows: Bool)
    var lastWrite: [Buffer: Turn] = [:], lastReads: [Buffer: [Turn]] = [:]
    var members: [Int: [Step]] = [:]
    for step in steps {
      let byRows = step.kind == .byRows
      var phase = byRows ? 0 : -1
      func follow(_ earlier: Turn) {
        if byRows {
          phase = max(phase, earlier.byRows ? earlier.phase : earlier.phase + 1)
        } else {
          phase = max(phase, earlier.byRows ? earlier.phase + 1 : earlier.phase + 2)
        }
      }
      for buffer in step.reads { lastWrite[buffer].map(follow) }
      for buffer in step.writes {
        lastWrite[buffer].map(follow)
        lastReads[buffer]?.forEach(follow)
      }
      for buffer in step.reads { lastReads[buffer, default: []].append((phase, byRows)) }
      for buffer in step.writes {
        lastWrite[buffer] = (phase, byRows)
        lastReads[buffer] = []
      }
      members[phase, default: []].append(step)
    }
    return members.keys.sorted().map { key in
      key % 2 == 0 ? .byRows(segments(members[key]!)) : .shared(members[key]!)
    }
  }

  /// Cuts a phase where the size of a row changes much, so that large and small images get chunks of their own; then joins
  /// neighbours whose weights and sums fit the cache together, so that what passes between them never leaves it.
  private func segments(_ steps: [Step]) -> [Segment] {
    let rule = settings.segments
    var cut: [Segment] = []
    var last = 0.0
    for step in steps {
      let bytes = Double(rowBytes(step))
      if cut.isEmpty || cut.last?.takesWholeShards != step.takesWholeShards || bytes > last * rule.ratio
        || last > bytes * rule.ratio
      {
        cut.append(Segment(steps: [], chunkRows: settings.capacity))
      }
      last = bytes
      let fit = step.takesWholeShards ? settings.capacity : rule.rows ?? max(1, Int(rule.chunkBytes / bytes))
      cut[cut.count - 1].steps.append(step)
      cut[cut.count - 1].chunkRows = min(fit, cut[cut.count - 1].chunkRows)
    }
    return cut.reduce(into: []) { joined, next in
      guard let open = joined.last, open.takesWholeShards == next.takesWholeShards,
        residentBytes(open.steps + next.steps) <= rule.residentBytes
      else { return joined.append(next) }
      joined[joined.count - 1] = Segment(
        steps: open.steps + next.steps, chunkRows: min(open.chunkRows, next.chunkRows))
    }
  }

  /// How much a shared step does with one row: the numbers that it reads and writes that are the same for all rows, or its
  /// own measure.
  func work(_ step: Step) -> Int {
    (step.reads + step.writes).reduce(step.work) { sum, buffer in
      switch extents[buffer.index] {
      case .once(let count), .fixed(_, let count): sum + count
      default: sum
      }
    }
  }

  /// Bytes that every chunk touches again, whatever its rows: packed weights and sums of gradients.
  private func residentBytes(_ steps: [Step]) -> Int {
    Set(steps.flatMap { $0.reads + $0.writes }).reduce(0) { sum, buffer in
      switch extents[buffer.index] {
      case .once(let count), .perShard(let count): sum + 4 * count
      default: sum
      }
    }
  }

  /// Bytes that a row takes in the largest buffer of a step.
  private func rowBytes(_ step: Step) -> Int {
    (step.reads + step.writes).reduce(4) { most, buffer in
      if case .perRow(let count) = extents[buffer.index] { max(most, 4 * count) } else { most }
    }
  }

  /// Into how many shards a batch is cut: fewer where the sums of gradients are large. Follows from the plan and its
  /// settings alone, never from the machine, because results depend on it.
  func shardCount() -> Int {
    let bytes = extents.reduce(0) { if case .perShard(let count) = $1 { $0 + 4 * Memory.rounded(count) } else { $0 } }
    return min(settings.shards, max(1, settings.segments.shardBytes / max(bytes, 1)), max(1, settings.capacity / rowsOfShard))
  }
}
