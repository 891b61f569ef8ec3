import DeepSwiftEngine
import Dispatch
import Synchronization

/// Runs `body(0)` to `body(count - 1)`, as many at once as there are cores. Work is claimed, so that large and small files
/// keep all threads busy.
func inParallel(_ count: Int, _ body: @Sendable (Int) -> Void) {
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: min(Workers.defaultCount, count)) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body(index)
    }
  }
}
