import DeepSwiftEngine
import Foundation

extension BatchedDataset {
  /// The same batches, made on a thread of their own while the model is busy with earlier ones; at most `count` wait.
  public func prefetched(_ count: Int = 2) -> Prefetched<Self> { Prefetched(source: self, count: count) }
}

/// A data set whose batches are made ahead of time.
public struct Prefetched<Source: BatchedDataset>: BatchedDataset {
  /// Where the batches come from.
  public let source: Source
  /// How many batches wait at most.
  public let count: Int

  public var batchCount: Int? { source.batchCount }

  public func makeBatches(pass: Int) throws -> any BatchIterator {
    guard count > 0 else {
      throw ModelError(.argument, "prefetched needs room for at least 1 batch, received \(count)")
    }
    return PrefetchedBatches(Queue(try source.makeBatches(pass: pass), room: count))
  }
}

/// Ends the thread when the pass is given up before its end.
private final class PrefetchedBatches: BatchIterator {
  private let queue: Queue

  init(_ queue: Queue) {
    self.queue = queue
    // The thread holds the queue, not this iterator.
    let thread = Thread { queue.fill() }
    thread.name = "DeepSwift prefetch"
    thread.start()
  }

  deinit { queue.close() }

  func next() throws -> Batch? { try queue.take() }
}

/// Batches that wait between the thread that makes them and the one that takes them.
private final class Queue: @unchecked Sendable {
  // The iterator belongs to the filling thread; everything else is guarded by the condition's lock.
  private var iterator: any BatchIterator
  private let room: Int
  private let changed = NSCondition()
  private var waiting: [Batch] = []
  private var isClosed = false
  private var end: Result<Void, any Error>?

  init(_ iterator: any BatchIterator, room: Int) { (self.iterator, self.room) = (iterator, room) }

  func fill() {
    while true {
      changed.withLock { while waiting.count >= room && !isClosed { changed.wait() } }
      if changed.withLock({ isClosed }) { return }
      let next = Result { try iterator.next() }
      let isLast = changed.withLock {
        defer { changed.broadcast() }
        switch next {
        case .success(let batch?): waiting.append(batch)
        case .success(nil): end = .success(())
        case .failure(let error): end = .failure(error)
        }
        return end != nil
      }
      if isLast { return }
    }
  }

  func take() throws -> Batch? {
    try changed.withLock {
      while waiting.isEmpty && end == nil { changed.wait() }
      defer { changed.broadcast() }
      if !waiting.isEmpty { return waiting.removeFirst() }
      try end?.get()
      return nil
    }
  }

  func close() {
    changed.withLock {
      isClosed = true
      changed.broadcast()
    }
  }
}
