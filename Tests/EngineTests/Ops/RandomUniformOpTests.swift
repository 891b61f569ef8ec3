@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct RandomUniformOpTests {
  private let x = Input(shape: [1])

  private func draw(
    _ y: Node, rows: Int = 40, workers: Int = 1, chunk: Int? = nil, number: UInt32 = 0, seed: UInt32 = 0
  ) throws -> [Float] {
    var settings = ProgramSettings()
    (settings.capacity, settings.workers, settings.segments.rows) = (rows, workers, chunk)
    let program = try Program(inputs: [x], outputs: [y], losses: [LossTerm((y * x).sum())], settings: settings)
    program.run(on: Samples([Array(repeating: 1, count: rows)], [[1]], rows: rows), number: number, seed: seed)
    return program.outputs(0, rows: rows, of: y)
  }

  @Test func numbersAreSpreadEvenlyOverTheirRange() throws {
    let numbers = try draw(x.randomUniform(-0.5...1.5, shape: [50], key: 1), rows: 200)
    #expect(numbers.allSatisfy { (-0.5...1.5).contains($0) })
    for tenth in 0..<10 {
      let low = -0.5 + 0.2 * Float(tenth)
      let share = Float(numbers.filter { (low..<low + 0.2).contains($0) }.count) / 10000
      #expect((share - 0.1).magnitude < 0.012, "\(tenth)")
    }
    // Samples and places have numbers of their own.
    #expect(Set(numbers).count > 9900)
  }

  @Test func nothingButSeedStepKeyAndPlaceMatters() throws {
    let y = x.randomUniform(0...1, shape: [3], key: 7), first = try draw(y)
    for (workers, chunk) in [(1, 1), (2, 3), (3, nil)] as [(Int, Int?)] {
      #expect(try draw(y, workers: workers, chunk: chunk) == first)
    }
    #expect(try draw(y, number: 1) != first)
    #expect(try draw(y, seed: 1) != first)
    #expect(try draw(x.randomUniform(0...1, shape: [3], key: 8)) != first)
    #expect(try draw(x.randomUniform(0...1, shape: [3], key: 7)) == first)
  }

  @Test func aSeedOfOnesOwn() throws {
    let y = x.randomUniform(0...1, key: 7, seed: 3), first = try draw(y)
    #expect(try draw(y, seed: 5) == first)
    #expect(try draw(y, number: 1) != first)
    #expect(try draw(x.randomUniform(0...1, key: 7, seed: 4)) != first)
  }

  @Test func noGradientGoesBack() {
    checkGradients([3]) { x, _ in x[0] * x[0].randomUniform(1...2, key: 3) }
  }
}
