import Glibc

/// Time per step name and worker, for those who tune. Costs two clock readings per call (about 50 ns).
package final class Profile {
  fileprivate let nanoseconds: UnsafeMutablePointer<Int>
  let workers: Int
  var names: [String] = []
  private let room = 4096

  init(workers: Int) {
    self.workers = workers
    nanoseconds = .allocate(capacity: workers * room)
    nanoseconds.initialize(repeating: 0, count: workers * room)
  }

  deinit { nanoseconds.deallocate() }

  /// The step, and a note of how long it took.
  func timing(_ step: Step) -> Step {
    let index = names.count, (total, room, body) = (nanoseconds, room, step.body)
    names.append(step.name)
    return Step(
      name: step.name, kind: step.kind, reads: step.reads, writes: step.writes, takesWholeShards: step.takesWholeShards
    ) { chunk in
      let start = nanosecondsNow()
      body(chunk)
      total[chunk.worker * room + index] += nanosecondsNow() - start
    }
  }

  package func reset() { nanoseconds.update(repeating: 0, count: workers * room) }

  /// Microseconds per run of each step, summed over the workers and divided by their number.
  package func report(runs: Int) -> String {
    names.enumerated().map { index, name in
      let sum = (0..<workers).reduce(0) { $0 + nanoseconds[$1 * room + index] }
      return "\(sum / workers / runs / 1000)\t\(name)"
    }.joined(separator: "\n")
  }
}

private func nanosecondsNow() -> Int {
  var t = timespec()
  clock_gettime(CLOCK_MONOTONIC, &t)
  return t.tv_sec * 1_000_000_000 + t.tv_nsec
}
