import DeepSwift
import Foundation
import Synchronization
import Testing

@Suite struct PrefetchedTests {
  /// Counts how many batches were asked for, and may fail at one of them.
  struct Counting: BatchedDataset {
    final class Calls: Sendable { let count = Mutex(0) }
    struct Iterator: BatchIterator {
      let calls: Calls
      let failing: Int?
      var place = 0
      mutating func next() throws -> Batch? {
        calls.count.withLock { $0 += 1 }
        if place == failing { throw ModelError(.file, "damaged") }
        if place == 100 { return nil }
        defer { place += 1 }
        return Batch(x: Tensor([Float(place)]))
      }
    }
    let calls = Calls()
    var failing: Int?
    let batchCount: Int? = 100
    func makeBatches(pass: Int) -> any BatchIterator { Iterator(calls: calls, failing: failing) }
  }

  @Test func theSameBatchesInTheSameOrder() throws {
    let data = Counting().prefetched(3)
    #expect(data.batchCount == 100)
    for _ in 0..<2 {
      var iterator = try data.makeBatches()
      var seen: [Float] = []
      while let batch = try iterator.next() { seen.append(batch.x.item) }
      #expect(seen == (0..<100).map { Float($0) })
      #expect(try iterator.next() == nil)
    }
  }

  @Test func errorsArriveWhereTheyHappened() throws {
    var iterator = try Counting(failing: 2).prefetched().makeBatches()
    #expect(try iterator.next()?.x.item == 0)
    #expect(try iterator.next()?.x.item == 1)
    #expect(message { _ = try iterator.next() } == "damaged")
    #expect(message { _ = try iterator.next() } == "damaged")
  }

  @Test func noMoreThanTheRoomIsMadeAhead() throws {
    let source = Counting()
    var iterator: (any BatchIterator)? = try source.prefetched(2).makeBatches()
    _ = try iterator?.next()
    Thread.sleep(forTimeInterval: 0.05)
    #expect(source.calls.count.withLock { $0 } <= 3)
    iterator = nil
    Thread.sleep(forTimeInterval: 0.05)
    #expect(source.calls.count.withLock { $0 } <= 4, "a pass that is given up ends its thread")
    #expect(message { _ = try source.prefetched(0).makeBatches() }.contains("room for at least 1 batch"))
  }
}
