import DeepSwift
import Testing

@testable import DeepSwiftTraining

@Suite struct SourceFeedTests {
  /// Batches of given sizes, of `y = 2 x + 1`; counts how often it was begun.
  private final class Line: BatchedDataset {
    let sizes: [Int]
    let batchCount: Int?
    private(set) var passes: [Int] = []
    init(_ sizes: [Int], promised: Int? = nil) {
      self.sizes = sizes
      batchCount = promised ?? sizes.count
    }

    func makeBatches(pass: Int) -> any BatchIterator {
      passes.append(pass)
      return BatchSequence(
        sizes.enumerated().map { index, size in
          let x = Tensor.random(uniform: -1...1, shape: [size, 1], seed: UInt64(pass * 100 + index))
          return Batch(x: x, y: x * 2 + 1)
        })
    }
  }

  private func model(seed: UInt64 = 5) throws -> Sequential {
    let model = Sequential([Dense(1)])
    model.seed = seed
    try model.compile(optimizer: .sgd(learningRate: 0.5), loss: .meanSquaredError, metrics: [.meanAbsoluteError])
    return model
  }

  @Test func learnsFromASourceWhoseBatchesGrow() throws {
    let source = Line([4, 16, 7, 32]), model = try model()
    let history = try model.fit(source, epochs: 20, verbose: .silent, validationData: Line([8, 9]))
    #expect(history.epochs.count == 20)
    #expect(history.loss.last! < 1e-3)
    #expect(history.valLoss.count == 20)
    #expect(model.optimizer?.iterations == 80)
    // One look for the shape of a model that did not know it, then one pass an epoch.
    #expect(source.passes == [0] + Array(0..<20))
  }

  @Test func equalsFitOnTheSameArrays() throws {
    let x = Tensor.random(uniform: -1...1, shape: [20, 1], seed: 9), y = x * 2 + 1
    let fromSource = try model(), fromArrays = try model()
    let source = try Dataset(x: x, y: y).batched(8)
    let a = try fromSource.fit(source, epochs: 3, verbose: .silent)
    let b = try fromArrays.fit(x, y, batchSize: 8, epochs: 3, verbose: .silent, shuffle: false)
    #expect(a == b)
    #expect(try fromSource.weights["dense/kernel"] == fromArrays.weights["dense/kernel"])
    #expect(try fromSource.evaluate(source, verbose: .silent) == fromArrays.evaluate(x, y, batchSize: 8, verbose: .silent))
    #expect(try fromSource.predict(source) == fromArrays.predict(x))
  }

  @Test func stepsGoOnWhereTheLastEpochStopped() throws {
    let source = Line(Array(repeating: 4, count: 10)), model = try model()
    try model.fit(source, epochs: 4, verbose: .silent, stepsPerEpoch: 4)
    // As in Keras: 4, 4, 2 (the data run out), 4.
    #expect(model.optimizer?.iterations == 14)
  }

  /// A source that knows, or does not know, that it has fewer batches than are asked for.
  @Test func runningOutAtTheFirstEpochIsAnError() throws {
    let known = Line([4, 4, 4]), model = try model()
    #expect(throws: ModelError.self) { try model.fit(known, epochs: 2, verbose: .silent, stepsPerEpoch: 5) }
    #expect(known.passes.isEmpty && model.optimizer?.iterations ?? 0 == 0, "refused before anything has changed")
    do {
      try model.fit(known.batched(4), epochs: 2, verbose: .silent, stepsPerEpoch: 5)
      Issue.record("nothing thrown")
    } catch { #expect("\(error)".contains("asks for 5 batches, but the source of batches ended after 3")) }
    let history = try model.fit(known.repeated(), epochs: 2, verbose: .silent, stepsPerEpoch: 5)
    #expect(history.epochs.count == 2)
  }

  @Test func weightsOfClassesAndSamples() throws {
    let x = Tensor.random(uniform: -1...1, shape: [12, 3], seed: 4), y = Tensor((0..<12).map { Int32($0 % 3) })
    let weight = Tensor((0..<12).map { Float($0 + 1) })
    func trained(_ fit: (Sequential) throws -> Void) throws -> [Float] {
      let model = Sequential([Dense(3, activation: .softmax)])
      model.seed = 3
      try model.compile(optimizer: .sgd(learningRate: 0.5), loss: .sparseCategoricalCrossentropy)
      try fit(model)
      return try model.weights["dense/kernel"].floats
    }
    let source = try Dataset(x: x, y: y).batched(4)
    let weighted = RowWeights(source: source, weight: weight)
    let fromArrays = try trained {
      try $0.fit(x, y, batchSize: 4, verbose: .silent, shuffle: false, classWeight: [0: 2, 2: 0.5], sampleWeight: weight)
    }
    #expect(try trained { try $0.fit(weighted, verbose: .silent, classWeight: [0: 2, 2: 0.5]) } == fromArrays)
    #expect(try trained { try $0.fit(source, verbose: .silent) } != fromArrays)
  }

  /// Gives each row its weight.
  private struct RowWeights: BatchedDataset {
    let source: DatasetBatches
    let weight: Tensor
    var batchCount: Int? { source.batchCount }
    func makeBatches(pass: Int) throws -> any BatchIterator {
      var batches = try source.makeBatches(pass: pass), first = 0
      return BatchSequence(
        (try (0..<3).map { _ in
          var batch = try #require(try batches.next())
          batch.sampleWeight = weight[first..<first + batch.count]
          first += batch.count
          return batch
        }) as [Batch])
    }
  }

  @Test func changedBatchesTrainAndPredict() throws {
    let x = Tensor.random(uniform: -1...1, shape: [20, 1], seed: 9)
    let source = try Dataset(x: x, y: x * 2 + 1).batched(1), model = try model()
    let prepared = source.map { x, y in (x * 1, y) }.shuffled(buffer: 8, seed: 1).batched(6).prefetched()
    let history = try model.fit(prepared, epochs: 60, verbose: .silent, validationData: source.take(5))
    #expect(history.valLoss.last! < 1e-2)
    #expect(try model.evaluate(source.skip(5), verbose: .silent).loss < 1e-2)
    #expect(try model.predict(source.batched(7)) == model.predict(x))
    #expect(try model.predictByName(source)["dense"] == model.predict(x))
  }

  @Test func saysWhatIsWrongWithASource() throws {
    func fault(_ use: (Sequential) throws -> Void) throws -> String {
      let model = try model()
      do {
        try use(model)
        return "nothing thrown"
      } catch { return "\(error)" }
    }
    let none = Line([]), short = Line([4, 4], promised: 5)
    #expect(try fault { try $0.fit(none, verbose: .silent) }.hasPrefix("the source of batches has none. If take, skip"))
    #expect(try fault { try $0.fit(short, epochs: 2, verbose: .silent) }.contains("promised 5 batches and gave 2"))
    #expect(try fault { _ = try $0.evaluate(short, verbose: .silent) }.contains("promised 5 batches and gave 2"))
    for (source, text) in [(none, "has none"), (short, "promised 5 batches")] {
      let text = "validationData: the source of batches " + text
      #expect(try fault { try $0.fit(Line([4]), verbose: .silent, validationData: source) }.hasPrefix(text))
    }
  }

  @Test func checksEveryBatch() throws {
    struct Spoiled: BatchedDataset {
      let batchCount: Int? = 2
      func makeBatches(pass: Int) -> any BatchIterator {
        BatchSequence([
          Batch(x: Tensor.zeros([4, 1]), y: Tensor.zeros([4, 1])), Batch(x: Tensor.zeros([4, 3]), y: Tensor.zeros([4, 1])),
        ])
      }
    }
    let model = try model()
    #expect(throws: ModelError.self) { try model.fit(Spoiled(), verbose: .silent) }
    #expect(throws: ModelError.self) { try model.evaluate(Spoiled(), verbose: .silent) }
  }
}
