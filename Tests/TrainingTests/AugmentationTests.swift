import DeepSwift
import Foundation
import Testing

/// The layers that change images, within a model.
@Suite struct AugmentationTests {
  private static let x = Tensor.random(uniform: 0...255, shape: [40, 8, 8, 3], seed: 1)
  private static let y = Tensor((0..<40).map { Int32($0 % 3) })

  private func model(workers: Int = 2, chunk: Int? = nil) throws -> Sequential {
    let model = Sequential {
      Input(shape: [8, 8, 3])
      RandomFlip(.horizontal)
      RandomRotation(0.1)
      RandomZoom(0.2)
      RandomTranslation(0.1, 0.1)
      RandomContrast(0.2)
      RandomBrightness(0.1)
      RandomCrop(6, 6)
      Rescaling(1 / 255)
      Conv2D(4, kernelSize: 3, activation: .relu)
      Flatten()
      Dense(3, activation: .softmax)
    }
    model.seed = 5
    model.programSettings.workers = workers
    model.programSettings.segments.rows = chunk
    try model.compile(optimizer: .sgd(learningRate: 0.05), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    return model
  }

  private func trained(_ model: Sequential) throws -> [Float] {
    try model.fit(Self.x, Self.y, batchSize: 16, epochs: 2, verbose: .silent)
    return try model.weights.names.flatMap { try model.weights[$0].floats }
  }

  @Test func theSameSeedGivesTheSameBitsWithAnyNumberOfThreads() throws {
    let first = try trained(try model())
    #expect(first.allSatisfy { $0.isFinite })
    for (workers, chunk) in [(1, 1), (3, 3), (4, nil)] as [(Int, Int?)] {
      #expect(try trained(try model(workers: workers, chunk: chunk)) == first)
    }
  }

  @Test func predictionsAreNotRandom() throws {
    let model = try model()
    #expect(try model.predict(Self.x) == model.predict(Self.x))
    #expect(try model.predict(Self.x, batchSize: 7) == model.predict(Self.x))
    #expect(model.layers.filter { $0.parameterCount > 0 }.map(\.name) == ["conv2d", "dense"])
  }

  @Test func normalizationOfDataInBatches() throws {
    let data = try Dataset(x: Self.x, y: Self.y)
    var normalization = Normalization()
    try normalization.adapt(data.batched(7))
    let model = Sequential {
      Input(shape: [8, 8, 3])
      normalization
    }
    let out = try model.predict(Self.x)
    #expect(abs(out.mean()) < 1e-4 && abs(out.standardDeviation() - 1) < 1e-3)
    let expected = try Normalization().adapted(to: Self.x)
    let whole = Sequential {
      Input(shape: [8, 8, 3])
      expected
    }
    let difference = try (whole.predict(Self.x) - out).floats.reduce(0) { max($0, abs($1)) }
    #expect(difference < 1e-4)
    #expect(model.parameterCount == 7 && model.trainableParameterCount == 0)
    // What was measured travels with the weights, not with the architecture.
    let copy = try JSONDecoder().decode(Sequential.self, from: JSONEncoder().encode(model))
    #expect(try copy.predict(Self.x) != out)
    try copy.setWeights(model.weights.all)
    #expect(try copy.predict(Self.x) == out)
  }

  @Test func aBrokenSourceChangesNothing() throws {
    struct Broken: BatchedDataset {
      struct Batches: BatchIterator {
        var count = 0
        mutating func next() throws -> Batch? {
          count += 1
          if count == 2 { throw ModelError(.file, at: "photo.png", "is broken") }
          return Batch(x: [[100.0]])
        }
      }
      let batchCount: Int? = nil
      func makeBatches(pass: Int) -> any BatchIterator { Batches() }
    }
    var layer = Normalization()
    #expect(throws: ModelError(.file, at: "photo.png", "is broken")) { try layer.adapt(Broken()) }
    let same = layer
    let model = Sequential {
      Input(shape: [1])
      same
    }
    let three: Tensor = [[3.0]]
    #expect(try model.predict(three).item == 3)
  }
}
