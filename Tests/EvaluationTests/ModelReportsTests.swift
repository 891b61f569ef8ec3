import DeepSwift
import Foundation
import Testing

/// A model that says what it is shown: the three numbers of a sample are the probabilities of three classes.
@Suite struct ModelReportsTests {
  static func echo() throws -> Sequential {
    let model = Sequential {
      Input(shape: [3])
      Activation(.linear)
    }
    try model.compile(loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    return model
  }
  static let x: Tensor = [[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.1, 0.3, 0.6], [0.5, 0.3, 0.2], [0.9, 0.1, 0.0]]
  static let y = Tensor([0, 1, 1, 2, 1] as [Int32])
  static func data() throws -> Dataset { try Dataset(x: x, y: y, classNames: ["a", "b", "c"]) }

  @Test func everySourceGivesTheSameMatrix() throws {
    let model = try Self.echo(), data = try Self.data()
    let counts = [[1, 0, 0], [1, 1, 1], [1, 0, 0]]
    let matrix = try model.confusionMatrix(on: data)
    #expect(matrix.counts == counts && matrix.classNames == ["a", "b", "c"])
    #expect(try model.confusionMatrix(on: Self.x, Self.y, batchSize: 2).counts == counts)
    #expect(try model.confusionMatrix(on: Self.x, Self.y.oneHot(classes: 3)).counts == counts)
    for size in [1, 2, 5, 9] {
      #expect(try model.confusionMatrix(on: data.batched(size)).counts == counts)
      #expect(try model.classificationReport(on: data.batched(size), classNames: ["a", "b", "c"])["b"]?.recall == 1 / 3.0)
    }
    #expect(try model.classificationReport(on: data) == ClassificationReport(matrix))
    #expect((try model.evaluate(data, verbose: .silent).accuracy - matrix.accuracy).magnitude < 1e-6)
  }

  @Test func mistakesAreSortedByHowSureTheModelWas() throws {
    let model = try Self.echo(), data = try Self.data()
    for size in [1, 2, 32] {
      let mistakes = try model.mistakes(on: data, batchSize: size)
      #expect(mistakes.map(\.index) == [4, 2, 3])
      #expect(mistakes.map(\.label) == [1, 1, 2] && mistakes.map(\.prediction) == [0, 2, 0])
      for (mistake, probability) in zip(mistakes, [0.9, 0.6, 0.5]) {
        #expect((mistake.probability - probability).magnitude < 1e-6)
      }
    }
    // Logits become probabilities.
    let logits = try Dataset(x: [[0, 2, 0]], y: Tensor([0] as [Int32]))
    let probability = try model.mistakes(on: logits)[0].probability
    #expect((probability - exp(2) / (exp(2) + 2)).magnitude < 1e-6)
  }

  @Test func targetsAreNeeded() throws {
    struct Bare: BatchedDataset {
      let batchCount: Int? = nil
      var batches: [Batch]
      func makeBatches(pass: Int) -> any BatchIterator { BatchSequence(batches) }
    }
    let model = try Self.echo()
    #expect(throws: ModelError.self) { try model.confusionMatrix(on: Bare(batches: [Batch(x: Self.x)])) }
    #expect(throws: ModelError.noBatches) {
      try model.confusionMatrix(on: Bare(batches: []))
    }
  }

  @Test func scoresPrintAndAnswerToKerasNames() throws {
    let scores = try Self.echo().evaluate(Self.data(), verbose: .silent)
    #expect(scores.description == "accuracy: 0.4000 - loss: \(shortNumber(scores.loss))")
    #expect(scores["accuracy"] == scores.accuracy && scores["acc"] == scores.accuracy && scores["auc"] == nil)
  }
}
