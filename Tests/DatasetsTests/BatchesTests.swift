import DeepSwift
import Testing

@Suite struct BatchesTests {
  func batches(_ data: some BatchedDataset, pass: Int = 0) throws -> [Batch] {
    var iterator = try data.makeBatches(pass: pass), all: [Batch] = []
    while let batch = try iterator.next() { all.append(batch) }
    return all
  }

  func labels(_ data: some BatchedDataset, pass: Int = 0) throws -> [[Int]] {
    try batches(data, pass: pass).map { $0.y?.integers ?? [] }
  }

  func ten(_ size: Int, shuffle: Bool = false) throws -> DatasetBatches {
    try Dataset(x: Tensor.range(0..<20).reshaped([10, 2]), y: Tensor.range(0..<10)).batched(size, shuffle: shuffle, seed: 3)
  }

  /// Single samples whose number nobody knows beforehand.
  struct Singles: BatchedDataset {
    let count: Int
    var batchCount: Int? { nil }
    func makeBatches(pass: Int) -> any BatchIterator {
      BatchSequence((0..<count).lazy.map { Batch(sample: Tensor([Float($0)]), Tensor(Int32($0)), weight: Float($0 + pass)) })
    }
  }

  @Test func mapped() throws {
    let data = try ten(4).map { x, y in (x * 2, y) }
    #expect(data.batchCount == 3)
    #expect(try batches(data)[2].x == Tensor([[32, 34], [36, 38]] as [[Float]]))
    let weighted = try ten(4).map { batch in
      var batch = batch
      batch.x = batch.x + 1
      batch.sampleWeight = Tensor.full([batch.count], 2)
      return batch
    }
    #expect(try batches(weighted)[2].sampleWeight == [2.0, 2.0])
    #expect(try batches(weighted.map { x, y in (x * 2, y) })[2].sampleWeight == [2.0, 2.0], "weights stay")
    struct Uneven: BatchedDataset {
      let batchCount: Int? = 1
      func makeBatches(pass: Int) -> any BatchIterator { BatchSequence([Batch(x: Tensor.ones([3, 1]), y: Tensor.ones([2]))]) }
    }
    #expect(message { _ = try batches(Uneven().batched(2)) }.contains("target  has the shape [2] in a batch of 3 samples"))
    #expect(message { _ = try batches(try ten(4).map { _ in throw ModelError(.file, "broken") }) } == "broken")
  }

  @Test func takenAndSkipped() throws {
    #expect(try labels(ten(4).take(2)) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(try labels(ten(4).skip(2)) == [[8, 9]])
    #expect(try ten(4).take(2).batchCount == 2)
    #expect(try ten(4).skip(1).take(5).batchCount == 2)
    #expect(try labels(ten(4).skip(7)).isEmpty && ten(4).skip(7).batchCount == 0)
    #expect(Singles(count: 3).take(2).batchCount == nil)
    #expect(try labels(Singles(count: 3).skip(1)) == [[1], [2]])
  }

  @Test func partsOfAShuffledSourceDoNotOverlap() throws {
    let (first, second) = try ten(3, shuffle: true).map { $0 }.split(0.5)
    #expect(first.batchCount == 2 && second.batchCount == 2)
    for pass in 0..<3 {
      #expect(try (labels(first, pass: pass) + labels(second, pass: 0)).flatMap { $0 }.sorted() == Array(0..<10))
    }
    let (training, validation) = try ten(3, shuffle: true).split(0.75)
    #expect(training.dataset.count == 7 && validation.dataset.count == 3)
    #expect(try labels(training) != labels(training, pass: 1))
    #expect(try (labels(training) + labels(validation, pass: 1)).flatMap { $0 }.sorted() == Array(0..<10))
    #expect(message { _ = try Singles(count: 3).split(0.5) }.contains("use take and skip"))
    #expect(message { _ = try ten(10).map { $0 }.split(0.5) }.contains("leaves a part empty"))
  }

  @Test func regrouped() throws {
    #expect(try labels(Singles(count: 7).batched(3)) == [[0, 1, 2], [3, 4, 5], [6]])
    #expect(try labels(Singles(count: 7).batched(3, dropRemainder: true)) == [[0, 1, 2], [3, 4, 5]])
    #expect(try labels(ten(4).batched(3)) == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]])
    #expect(try labels(ten(4).batched(100)) == [Array(0..<10)])
    let batch = try batches(Singles(count: 4).batched(4), pass: 1)[0]
    #expect(batch.x.shape == [4, 1] && batch.y?.elementType == .int32)
    #expect(batch.sampleWeight == [1.0, 2.0, 3.0, 4.0])
    #expect(message { _ = try ten(4).batched(3).map { $0 }.batched(0).makeBatches() }.contains("at least 1"))
  }

  @Test func samplesOfDifferentShapesDoNotMakeABatch() throws {
    struct Growing: BatchedDataset {
      let batchCount: Int? = 2
      func makeBatches(pass: Int) -> any BatchIterator {
        BatchSequence((1...2).lazy.map { Batch(x: .zeros([1, $0])) })
      }
    }
    #expect(message { _ = try batches(Growing().batched(2)) }.contains("differs from sample to sample"))
  }

  @Test func shuffledWithinTheBuffer() throws {
    let data = Singles(count: 200).batched(8).shuffled(buffer: 20, seed: 5)
    let order = try labels(data)
    #expect(order.dropLast().allSatisfy { $0.count == 8 })
    let flat = order.flatMap { $0 }
    #expect(flat.sorted() == Array(0..<200) && flat != Array(0..<200))
    #expect(flat.enumerated().allSatisfy { $0.element < $0.offset + 20 }, "no sample comes earlier than the buffer allows")
    #expect(try labels(data) == order)
    #expect(try labels(data, pass: 1) != order)
    for batch in try batches(data) { #expect(batch.x.integers == batch.y?.integers, "samples keep their labels") }
    #expect(try labels(Singles(count: 5).shuffled(buffer: 1)) == [[0], [1], [2], [3], [4]])
    #expect(try labels(ten(4).shuffled(buffer: 1000, seed: 1)).map(\.count) == [4, 4, 2])
    #expect(message { _ = try ten(4).shuffled(buffer: 0).makeBatches() }.contains("at least 1 sample"))
  }

  @Test func repeated() throws {
    #expect(try labels(Singles(count: 2).repeated(3)) == [[0], [1], [0], [1], [0], [1]])
    #expect(try ten(4).repeated(2).batchCount == 6)
    #expect(try ten(4).repeated().batchCount == nil)
    #expect(try labels(ten(4).repeated().take(4)).map(\.count) == [4, 4, 2, 4])
    let twice = try labels(ten(10, shuffle: true).repeated(2), pass: 1)
    #expect(try twice == [labels(ten(10, shuffle: true), pass: 2)[0], labels(ten(10, shuffle: true), pass: 3)[0]])
    #expect(try labels(Singles(count: 0).repeated()).isEmpty, "without batches there is no end to wait for")
    for times in [0, -1] { #expect(try labels(Singles(count: 2).repeated(times), pass: 1).isEmpty) }
  }
}
