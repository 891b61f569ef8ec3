@testable import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct DropoutOpTests {
  private func program(_ x: Node, _ y: Node, workers: Int = 1, chunk: Int? = nil) throws -> Program {
    var settings = ProgramSettings()
    (settings.capacity, settings.keepsInputGradients, settings.workers, settings.segments.rows) = (40, true, workers, chunk)
    return try Program(inputs: [x], outputs: [y], losses: [LossTerm(y.sum(), weight: 40)], settings: settings)
  }

  private func run(_ program: Program, _ y: Node, number: UInt32 = 0, seed: UInt32 = 0) -> (output: [Float], gradient: [Float]) {
    let samples = Samples([Array(repeating: 1, count: 40 * 50)], [[50]], rows: 40)
    program.run(on: samples, number: number, seed: seed)
    let gradient = program.gradient(toward: program.inputs[0])!
    return (program.outputs(0, rows: 40, of: y), Array(UnsafeBufferPointer(start: gradient, count: 2000)))
  }

  @Test(arguments: [0.1, 0.5, 0.9] as [Float]) func aShareIsDroppedAndTheRestScaled(rate: Float) throws {
    let x = Input(shape: [50]), y = x.droppedOut(rate)
    let (output, gradient) = run(try program(x, y), y)
    let kept = output.filter { $0 != 0 }
    #expect(kept.allSatisfy { ($0 * (1 - rate) - 1).magnitude < 1e-5 })
    #expect((Float(kept.count) / 2000 - (1 - rate)).magnitude < 0.04)
    // The way back drops the same elements, and the gradient of 1 is what became of 1.
    expectClose(gradient, output)
  }

  @Test func nothingButStepSeedAndPlaceMatters() throws {
    let x = Input(shape: [50]), y = x.droppedOut(0.5, key: 7)
    let first = run(try program(x, y), y).output
    for (workers, chunk) in [(1, 1), (2, 3), (3, nil)] as [(Int, Int?)] {
      #expect(run(try program(x, y, workers: workers, chunk: chunk), y).output == first)
    }
    let other = try program(x, y)
    #expect(run(other, y, number: 1).output != first)
    #expect(run(other, y, seed: 1).output != first)
    #expect(run(other, y).output == first)
    #expect(Array(first[..<50]) != Array(first[50..<100]))
  }

  @Test func keysAndSeedsOfOnesOwn() throws {
    let x = Input(shape: [50]), y = x.droppedOut(0.5, key: 1), z = x.droppedOut(0.5, key: 2)
    #expect(run(try program(x, y), y).output != run(try program(x, z), z).output)
    let own = x.droppedOut(0.5, key: 1, seed: 3), program = try program(x, own)
    #expect(run(program, own, seed: 5).output == run(program, own, seed: 6).output)
    #expect(run(program, own, number: 1).output != run(program, own, number: 2).output)
  }

  /// Elements with a number in common go or stay together; on the way back as well, and however the work is divided.
  @Test(
    arguments: [
      [nil, nil, nil, nil], [nil, 1, 1, 1], [nil, 1, 1, nil], [nil, nil, nil, 1], [nil, 5, 1, 5], [1, nil, 1, nil], [1, 1, 1, 1],
      [1, nil, nil, nil],
    ] as [[Int?]])
  func noiseShapes(_ noiseShape: [Int?]) throws {
    let x = Input(shape: [5, 2, 5]), y = x.droppedOut(0.5, noiseShape: noiseShape, key: 3), whole = [40, 5, 2, 5]
    let (output, gradient) = run(try program(x, y), y)
    expectClose(gradient, output)
    for (workers, chunk) in [(2, 3), (3, nil)] as [(Int, Int?)] {
      #expect(run(try program(x, y, workers: workers, chunk: chunk), y).output == output)
    }
    func place(of index: Int) -> [Int] {
      whole.indices.map { axis in index / whole[(axis + 1)...].reduce(1, *) % whole[axis] }
    }
    var byNumber: [[Int]: Set<Float>] = [:]
    for index in output.indices {
      byNumber[zip(place(of: index), noiseShape).map { $1 == 1 ? 0 : $0 }, default: []].insert(output[index])
    }
    #expect(byNumber.values.allSatisfy { $0.count == 1 })
    let kept = byNumber.values.count { $0 == [2] }, dropped = byNumber.values.count { $0 == [0] }
    #expect(kept + dropped == byNumber.count)
    // One in a hundred thousand would be as far off if each number were drawn by itself.
    let expected = Double(byNumber.count) / 2
    #expect((Double(kept) - expected).magnitude <= max(1, 4.4 * (expected / 2).squareRoot()))
  }

  @Test func whatStaysKeepsItsOwnValue() throws {
    let x = Input(shape: [4, 3]), y = x.droppedOut(0.5, noiseShape: [nil, 1, 1], key: 1)
    var settings = ProgramSettings()
    settings.capacity = 20
    let program = try Program(inputs: [x], outputs: [y], losses: [LossTerm(y.sum())], settings: settings)
    let numbers = (0..<240).map { Float($0) - 100.5 }
    program.run(on: Samples([numbers], [[4, 3]], rows: 20))
    let output = program.outputs(0, rows: 20, of: y)
    for row in 0..<20 {
      let part = Array(output[row * 12..<row * 12 + 12])
      #expect(part == numbers[row * 12..<row * 12 + 12].map { $0 * 2 } || part == Array(repeating: 0, count: 12))
    }
  }

  @Test func ofRectified() throws {
    let x = Input(shape: [50])
    let y = relu(x - Node(Tensor((0..<50).map { Float($0 % 2) * 2 }, shape: [50]))).droppedOut(0.5, key: 1)
    let (output, gradient) = run(try program(x, y), y)
    #expect(output.indices.allSatisfy { $0 % 2 == 0 || output[$0] == 0 })
    expectClose(gradient, output)
  }

  @Test func allOrNothing() throws {
    let x = Input(shape: [50])
    let none = x.droppedOut(0), all = x.droppedOut(1)
    #expect(run(try program(x, none), none).output.allSatisfy { $0 == 1 })
    #expect(run(try program(x, all), all).output.allSatisfy { $0 == 0 })
    expectFault(x.droppedOut(1.5), "between 0 and 1", "1.5")
    expectFault(x.droppedOut(.nan), "nan")
  }

  @Test func inferenceLeavesEverything() throws {
    let x = Input(shape: [2])
    #expect(try TestSupport.run(relu(x).droppedOut(0.9), of: x, [[1, -2], [3, 4]]) == [1, 0, 3, 4])
    checkGradients([3]) { x, _ in 2 * x[0].droppedOut(0) }
  }
}
