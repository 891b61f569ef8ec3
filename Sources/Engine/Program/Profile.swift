import Glibc

/// Time per step and worker, for those who tune. Costs two clock readings per call (about 50 ns).
package final class Profile {
  private let nanoseconds: UnsafeMutablePointer<Int>
  private let workers, steps: Int

  init(workers: Int, steps: Int) {
    (self.workers, self.steps) = (workers, steps)
    nanoseconds = .allocate(capacity: workers * steps)
    reset()
  }

  deinit { nanoseconds.deallocate() }

  /// The step, and a note of how long it took.
  func timing(_ step: Step) -> Step {
    let (total, steps) = (nanoseconds, steps)
    var timed = step
    timed.body = { chunk in
      let start = nanosecondsNow()
      step.body(chunk)
      total[chunk.worker * steps + step.number] += nanosecondsNow() - start
    }
    return timed
  }

  package func reset() { nanoseconds.initialize(repeating: 0, count: workers * steps) }

  /// How long the workers were busy with a step on average, in microseconds, since the last reset.
  func microseconds(_ step: Step) -> Double {
    let sum = (0..<workers).reduce(0) { $0 + nanoseconds[$1 * steps + step.number] }
    return Double(sum) / Double(workers) / 1000
  }
}

private func nanosecondsNow() -> Int {
  var t = timespec()
  clock_gettime(CLOCK_MONOTONIC, &t)
  return t.tv_sec * 1_000_000_000 + t.tv_nsec
}
