@testable import DeepSwiftEngine
import Testing

@Suite struct SegmentsTests {
  private func plan(_ change: (inout ProgramSettings) -> Void = { _ in }) -> Plan {
    var settings = ProgramSettings()
    settings.capacity = 64
    change(&settings)
    return Plan(settings)
  }

  /// The phases as text: steps by rows `a b | c` in two segments, shared ones in brackets.
  private func text(_ plan: Plan) -> String {
    plan.phases().map { phase in
      switch phase {
      case .shared(let steps): "[" + steps.map(\.name).joined(separator: " ") + "]"
      case .byRows(let segments): segments.map { $0.steps.map(\.name).joined(separator: " ") }.joined(separator: " | ")
      }
    }.joined(separator: " ")
  }

  private func rows(_ plan: inout Plan, _ name: String, _ reads: [Buffer] = [], _ writes: [Buffer]) {
    plan.byRows(name, reads: reads, writes: writes) { _ in }
  }

  private func shared(_ plan: inout Plan, _ name: String, _ reads: [Buffer] = [], _ writes: [Buffer]) {
    plan.shared(name, parts: 1, reads: reads, writes: writes) { _ in }
  }

  @Test func stepsByRowsFollowEachOtherWithoutMeeting() {
    var p = plan()
    let (a, b, c) = (p.buffer(.perRow(8)), p.buffer(.perRow(8)), p.buffer(.perRow(8)))
    rows(&p, "a", [], [a])
    rows(&p, "b", [a], [b])
    rows(&p, "c", [b], [c])
    #expect(text(p) == "a b c")
  }

  @Test func sharedStepsMakeTheWorkersMeet() {
    var p = plan()
    let (a, b, c) = (p.buffer(.perRow(8)), p.buffer(.once(8)), p.buffer(.perRow(8)))
    rows(&p, "a", [], [a])
    shared(&p, "sum", [a], [b])
    rows(&p, "c", [a, b], [c])
    #expect(text(p) == "a [sum] c")
  }

  @Test func independentSharedStepsMeetTogether() {
    var p = plan()
    let (a, b, c, d) = (p.buffer(.perRow(8)), p.buffer(.once(8)), p.buffer(.once(8)), p.buffer(.once(8)))
    rows(&p, "a", [], [a])
    shared(&p, "b", [a], [b])
    shared(&p, "c", [a], [c])
    shared(&p, "d", [b], [d])
    #expect(text(p) == "a [b c] [d]")
  }

  @Test func whoWritesWaitsForThoseWhoRead() {
    var p = plan()
    let (w, g, a, b) = (p.buffer(.once(8)), p.buffer(.once(8)), p.buffer(.perRow(8)), p.buffer(.perRow(8)))
    rows(&p, "x", [], [a])
    shared(&p, "dx", [a, w], [b])
    shared(&p, "dw", [a], [g])
    // An update in place: after the step that still reads the old weights, and after its gradient.
    shared(&p, "update", [g], [w])
    #expect(text(p) == "x [dx dw] [update]")

    var q = plan()
    let (m, n, o) = (q.buffer(.perRow(8)), q.buffer(.once(8)), q.buffer(.perRow(8)))
    shared(&q, "pack", [], [n])
    rows(&q, "first", [n], [m])
    shared(&q, "again", [], [n])
    rows(&q, "second", [n], [o])
    #expect(text(q) == "[pack] first [again] second")
  }

  @Test func stepsGoIntoTheEarliestPhase() {
    var p = plan()
    let (a, b, c) = (p.buffer(.perRow(8)), p.buffer(.once(8)), p.buffer(.once(8)))
    rows(&p, "a", [], [a])
    shared(&p, "b", [a], [b])
    // Nobody has to come before these.
    shared(&p, "constant", [], [c])
    rows(&p, "late", [], [p.buffer(.perRow(8))])
    #expect(text(p) == "[constant] a late [b]")
  }

  @Test func segmentsAreCutWhereRowsChangeTheirSize() {
    var p = plan { $0.segments.residentBytes = 0 }
    let (a, b, c) = (p.buffer(.perRow(1000)), p.buffer(.perRow(250)), p.buffer(.perRow(200)))
    // What every chunk touches anew keeps segments apart.
    let (w, v) = (p.buffer(.once(100)), p.buffer(.once(100)))
    rows(&p, "a", [w], [a])
    rows(&p, "pool", [a], [b])
    rows(&p, "b", [b, v], [c])
    #expect(text(p) == "a pool | b")

    var joined = plan()
    let (d, e) = (joined.buffer(.perRow(1000)), joined.buffer(.perRow(250)))
    rows(&joined, "d", [], [d])
    rows(&joined, "e", [], [e])
    #expect(text(joined) == "d e")
  }

  @Test func chunksFitTheCache() {
    var p = plan { $0.segments.chunkBytes = 40_000 }
    rows(&p, "a", [], [p.buffer(.perRow(1000))])
    guard case .byRows(let segments) = p.phases()[0] else { return #expect(Bool(false), "a step by rows") }
    #expect(segments[0].chunkRows == 10)

    var q = plan { $0.segments.chunkBytes = 100 }
    rows(&q, "a", [], [q.buffer(.perRow(1000))])
    guard case .byRows(let single) = q.phases()[0] else { return #expect(Bool(false), "a step by rows") }
    #expect(single[0].chunkRows == 1)
  }

  @Test func largeSumsMakeFewerShards() {
    var p = plan { $0.segments.shardBytes = 4 * 1024 * 3 }
    #expect(p.shardCount() == 8)
    _ = p.buffer(.perShard(1024))
    #expect(p.shardCount() == 3)
    _ = p.buffer(.perShard(1 << 20))
    #expect(p.shardCount() == 1)
    #expect(plan { $0.capacity = 5 }.shardCount() == 5)
  }
}
