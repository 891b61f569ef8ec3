@testable import DeepSwiftEngine
import Synchronization
import Testing

@Suite struct WorkersTests {
  @Test(arguments: [1, 2, 4, 9]) func everyPartIsDoneOnce(count: Int) {
    let team = Workers.team(of: count), total = Atomic(0), runs = 200
    let times = (0..<count).map { _ in Counter() }
    var isMine = false
    // Another test may have the team just now.
    while !isMine {
      team.borrow(for: { index in times[index].value.wrappingAdd(1, ordering: .relaxed) }) { mine in
        isMine = mine
        if mine { for _ in 0..<runs { team.run() } }
      }
    }
    for counter in times { total.wrappingAdd(counter.value.load(ordering: .relaxed), ordering: .relaxed) }
    #expect(times.allSatisfy { $0.value.load(ordering: .relaxed) == runs })
    #expect(total.load(ordering: .relaxed) == runs * count)
  }

  @Test func whoComesSecondGetsNoTeam() {
    let team = Workers.team(of: 11)
    var answers: [Bool] = []
    team.borrow(for: { _ in }) { first in
      team.borrow(for: { _ in }) { second in answers = [first, second] }
    }
    #expect(answers == [true, false])
    team.borrow(for: { _ in }) { #expect($0) }
  }

  @Test func thereIsOneTeamOfEachSize() {
    #expect(Workers.team(of: 3) === Workers.team(of: 3))
    #expect(Workers.team(of: 3) !== Workers.team(of: 2))
  }

  private final class Counter: Sendable { let value = Atomic(0) }
}
