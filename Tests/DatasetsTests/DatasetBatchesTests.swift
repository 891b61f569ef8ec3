import DeepSwift
import Testing

@Suite struct DatasetBatchesTests {
  func batches(_ data: some BatchedDataset, pass: Int = 0) throws -> [Batch] {
    var iterator = try data.makeBatches(pass: pass)
    var all: [Batch] = []
    while let batch = try iterator.next() { all.append(batch) }
    return all
  }

  func ten() throws -> Dataset { try Dataset(x: Tensor.range(0..<20).reshaped([10, 2]), y: Tensor.range(0..<10)) }

  @Test func theLastBatchIsShort() throws {
    let data = try ten().batched(4)
    #expect(data.batchCount == 3)
    let all = try batches(data)
    #expect(all.map(\.count) == [4, 4, 2])
    #expect(all[2].x == [[16, 17], [18, 19]])
    #expect(all[1].y == [4, 5, 6, 7])
    #expect(try batches(data).map { $0.y! } == all.map { $0.y! }, "a second pass")
    #expect(try batches(ten().batched(4, dropRemainder: true)).map(\.count) == [4, 4])
    #expect(try ten().batched(4, dropRemainder: true).batchCount == 2)
    #expect(try batches(ten()[0..<0].batched(4)).isEmpty)
  }

  @Test func eachPassIsShuffledAnew() throws {
    let data = try ten().batched(4, shuffle: true, seed: 7)
    func labels(_ pass: Int) throws -> [Int] { try batches(data, pass: pass).flatMap { $0.y!.integers } }
    #expect(try labels(0).sorted() == Array(0..<10))
    #expect(try labels(0) != labels(1))
    #expect(try labels(1) == labels(1))
    for batch in try batches(data) { #expect(batch.x[0..., 0].integers == batch.y!.integers.map { $0 * 2 }) }
  }

  @Test func theSecondPartKeepsItsOrder() throws {
    let (first, second) = try ten().batched(2, shuffle: true, seed: 7).split(0.5)
    func labels(_ part: DatasetBatches, _ pass: Int) throws -> [Int] {
      try batches(part, pass: pass).flatMap { $0.y!.integers }
    }
    #expect(try (labels(first, 0) + labels(second, 0)).sorted() == Array(0..<10))
    #expect(try (1..<9).allSatisfy { try labels(second, $0) == labels(second, 0) })
    #expect(try (1..<9).contains { try labels(first, $0) != labels(first, 0) })
  }

  @Test func aSizeOfZeroIsAnError() throws {
    #expect(
      message { _ = try ten().batched(0).makeBatches() } == "The size of a batch must be at least 1, received 0")
  }

  @Test func typesOfOnesOwn() throws {
    struct Squares: BatchedDataset {
      let batchCount: Int? = 3
      func makeBatches(pass: Int) -> any BatchIterator {
        BatchSequence(
          (0..<3).lazy.map {
            let x = Tensor([Float($0 + pass)])
            return Batch(x: x, y: x * x)
          })
      }
    }
    #expect(try batches(Squares(), pass: 1).map { $0.y!.item } == [1, 4, 9])
  }

  @Test func severalInputs() {
    let batch = Batch(inputs: ["a": .zeros([3, 1]), "b": .zeros([3, 2])], targets: ["c": .ones([3])])
    #expect(batch.count == 3)
    #expect(batch.y == Tensor.ones([3]))
  }
}
