import DeepSwiftKernels
import Foundation
import Synchronization

/// A team of threads that runs one job at a time, `job(0)` to `job(count - 1)`, and meets at the end.
///
/// Indices are claimed, not assigned: if a thread sleeps or was taken off its core, another does its part, and nobody waits
/// for a thread that never came. Between jobs a thread spins for a short while, then sleeps.
package final class Workers: @unchecked Sendable {
  /// As many as the machine has cores, or as `DEEPSWIFT_THREADS` says.
  package static let defaultCount: Int = {
    let wish = ProcessInfo.processInfo.environment["DEEPSWIFT_THREADS"].flatMap { Int($0) }
    return min(max(wish ?? ProcessInfo.processInfo.activeProcessorCount, 1), 64)
  }()

  private static let teams = Mutex<[Int: Workers]>([:])

  /// The one team of that size. All programs share it.
  package static func team(of count: Int) -> Workers {
    teams.withLock { teams in
      if let team = teams[count] { return team }
      let team = Workers(count)
      teams[count] = team
      return team
    }
  }

  package let count: Int
  /// How often a thread looks for a new job before it sleeps: about 60 µs.
  private let patience = 4000

  // generation << 17 | open << 16 | threads inside
  private let state = Atomic<UInt64>(0)
  private let next = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let isTaken = Atomic<Bool>(false)
  private var job: (Int) -> Void = { _ in }
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let bell = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private static let isOpen: UInt64 = 1 << 16

  /// Teams are few and kept, so their threads never end.
  private init(_ count: Int) {
    self.count = count
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(bell, nil)
    for _ in 1..<max(count, 1) {
      var thread = pthread_t()
      let me = Unmanaged.passUnretained(self).toOpaque()
      let failed = pthread_create(
        &thread, nil,
        {
          Unmanaged<Workers>.fromOpaque($0!).takeUnretainedValue().serve()
          return nil
        }, me)
      // Fewer threads than asked for are no fault: those who came claim all the work.
      if failed == 0 { pthread_detach(thread) }
    }
  }

  /// Runs `body` with the team ready for `job`. If another thread has the team just now, `body` gets `false` and has to do
  /// all the work by itself.
  func borrow(for job: @escaping (Int) -> Void, _ body: (_ isMine: Bool) -> Void) {
    guard isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else { return body(false) }
    self.job = job
    body(true)
    self.job = { _ in }
    isTaken.store(false, ordering: .releasing)
  }

  /// Whether a thread would have to be woken for a job.
  var someoneSleeps: Bool { sleepers.load(ordering: .relaxed) > 0 }

  /// Does the job, all parts of it.
  func run() {
    guard count > 1 else { return job(0) }
    next.store(0, ordering: .relaxed)
    open(generation: state.load(ordering: .relaxed) >> 17 + 1)
    work()
    state.bitwiseAnd(~Self.isOpen, ordering: .sequentiallyConsistent)
    var looks = 0
    while state.load(ordering: .acquiring) & 0xffff != 0 {
      looks += 1
      if looks < 2000 { ds_pause() } else { sched_yield() }
    }
  }

  private func open(generation: UInt64) {
    state.store(generation << 17 | Self.isOpen, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(bell)
      pthread_mutex_unlock(mutex)
    }
  }

  private func work() {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count { return }
      job(index)
    }
  }

  private func serve() {
    var seen: UInt64 = 0, looks = 0
    while true {
      let now = state.load(ordering: .acquiring), generation = now >> 17
      if generation != seen {
        looks = 0
        if now & Self.isOpen == 0 {  // came too late
          seen = generation
          continue
        }
        if state.compareExchange(expected: now, desired: now + 1, ordering: .acquiring).exchanged {
          seen = generation
          work()
          state.wrappingSubtract(1, ordering: .releasing)
        }
        continue
      }
      looks += 1
      if looks < patience {
        ds_pause()
        continue
      }
      looks = 0
      pthread_mutex_lock(mutex)
      sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
      while state.load(ordering: .sequentiallyConsistent) >> 17 == seen { pthread_cond_wait(bell, mutex) }
      sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
      pthread_mutex_unlock(mutex)
    }
  }
}
