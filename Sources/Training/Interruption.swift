import Foundation
import Synchronization

/// Sees Ctrl-C and the cancellation of a task, so that `fit` can end in order.
///
/// The first Ctrl-C asks for an end after the current batch; a second one ends the process as usual.
final class Interruption {
  private static let wasSignalled = Atomic<Bool>(false)
  private static let listeners = Mutex<(count: Int, previous: (@convention(c) (Int32) -> Void)?)>((0, nil))

  init() {
    Self.listeners.withLock { listeners in
      if listeners.count == 0 {
        Self.wasSignalled.store(false, ordering: .relaxed)
        listeners.previous = signal(SIGINT) { number in
          if Interruption.wasSignalled.exchange(true, ordering: .relaxed) {
            signal(number, SIG_DFL)
            raise(number)
          }
        }
      }
      listeners.count += 1
    }
  }

  deinit {
    Self.listeners.withLock { listeners in
      listeners.count -= 1
      if listeners.count == 0 { signal(SIGINT, listeners.previous ?? SIG_DFL) }
    }
  }

  var isRequested: Bool { Self.wasSignalled.load(ordering: .relaxed) || Task.isCancelled }
}
