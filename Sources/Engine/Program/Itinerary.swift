/// The phases as the workers read them: plain memory that no reference is counted in.
///
/// An array of closures counts references at every call, and two threads that count the same references fight for their
/// cache lines: 45 ns a call instead of 5.
final class Itinerary {
  /// Owns one step's body.
  final class Call {
    let body: (Chunk) -> Void
    /// Into how many parts a shared step is cut; 0 for one that is done once, on one row.
    let parts: Int
    init(_ step: Step) {
      body = step.body
      parts = if case .shared(let parts) = step.kind { parts } else { 0 }
    }
  }
  struct Walk {
    let calls: UnsafeBufferPointer<Unmanaged<Call>>
    let chunkRows: Int
  }
  struct Stage {
    let byRows: Bool
    /// How much its steps do with one row.
    let work: Int
    let walks: UnsafeBufferPointer<Walk>
  }

  let stages: UnsafeBufferPointer<Stage>

  /// - Parameter work: how much a shared step does with one row.
  init(_ phases: [Phase], work: (Step) -> Int) {
    stages = Self.table(
      phases.map { phase in
        switch phase {
        case .shared(let steps):
          Stage(byRows: false, work: steps.reduce(0) { $0 + work($1) }, walks: Self.table([Self.walk(steps, 0)]))
        case .byRows(let segments):
          Stage(byRows: true, work: 0, walks: Self.table(segments.map { Self.walk($0.steps, $0.chunkRows) }))
        }
      })
  }

  deinit {
    for stage in stages {
      for walk in stage.walks {
        walk.calls.forEach { $0.release() }
        walk.calls.deallocate()
      }
      stage.walks.deallocate()
    }
    stages.deallocate()
  }

  private static func walk(_ steps: [Step], _ rows: Int) -> Walk {
    Walk(calls: table(steps.map { Unmanaged.passRetained(Call($0)) }), chunkRows: rows)
  }

  private static func table<T>(_ values: [T]) -> UnsafeBufferPointer<T> {
    let memory = UnsafeMutableBufferPointer<T>.allocate(capacity: values.count)
    _ = memory.initialize(from: values)
    return UnsafeBufferPointer(memory)
  }
}
