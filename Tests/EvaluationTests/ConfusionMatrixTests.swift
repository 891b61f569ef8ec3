import DeepSwift
import Testing

@Suite struct ConfusionMatrixTests {
  /// Forty samples of four classes; the numbers below are scikit-learn's.
  static let labels = [
    3, 2, 2, 3, 2, 3, 3, 0, 0, 1, 1, 3, 3, 0, 1, 3, 0, 3, 0, 1, 3, 1, 1, 1, 2, 1, 3, 1, 1, 2, 2, 2, 2, 3, 3, 3, 2, 2, 1, 3,
  ]
  static let predictions = [
    3, 2, 0, 3, 2, 3, 0, 1, 0, 1, 1, 3, 2, 0, 1, 3, 2, 3, 0, 1, 2, 2, 1, 1, 2, 2, 3, 1, 1, 2, 2, 1, 2, 1, 2, 2, 2, 2, 1, 3,
  ]
  static let counts = [[3, 1, 1, 0], [0, 9, 2, 0], [1, 1, 8, 0], [1, 1, 4, 8]]
  static func forty(_ names: [String] = []) throws -> ConfusionMatrix {
    try ConfusionMatrix(labels: labels, predictions: predictions, classNames: names)
  }

  @Test func countsAsScikitLearn() throws {
    let matrix = try Self.forty(["plane", "car", "bird", "cat"])
    #expect(matrix.counts == Self.counts)
    #expect(matrix.total == 40 && matrix.accuracy == 0.7 && matrix.classCount == 4)
    #expect(matrix[3, 2] == 4 && matrix["cat", "bird"] == 4 && matrix["cat", "dog"] == nil)
    #expect(matrix.normalized()[1] == [0, 9.0 / 11, 2.0 / 11, 0])
    #expect(matrix.normalized(by: .prediction)[1] == [0, 9.0 / 12, 2.0 / 15, 0])
    #expect(matrix.normalized(by: .all)[1] == [0, 0.225, 0.05, 0])
    #expect(matrix.mostConfused(2).map { "\($0.truth) \($0.prediction) \($0.count)" } == ["cat bird 4", "car bird 2"])
  }

  @Test func everyKindOfLabelAndPrediction() throws {
    let labels = Tensor(Self.labels.map(Int32.init)), predictions = Tensor(Self.predictions.map(Int32.init))
    let scores = predictions.oneHot(classes: 4) * 0.7 + 0.1
    for labels in [
      labels, labels.converted(to: .uint8), labels.converted(to: .float32), labels.reshaped([40, 1]), labels.oneHot(classes: 4),
    ] {
      for predictions in [predictions, predictions.reshaped([40, 1]), scores, scores * 20 - 30] {
        #expect(try ConfusionMatrix(labels: labels, predictions: predictions).counts == Self.counts)
      }
    }
  }

  @Test func oneColumnIsTheProbabilityOfClassOne() throws {
    let predictions = Tensor([0.2, 0.5, 0.51, 1] as [Float]).reshaped([4, 1])
    let matrix = try ConfusionMatrix(labels: Tensor([0, 1, 1, 0] as [Int32]), predictions: predictions)
    #expect(matrix.counts == [[1, 1], [1, 1]])
    #expect(matrix.classNames == ["0", "1"])
  }

  @Test func probabilitiesTellHowManyClassesThereAre() throws {
    let matrix = try ConfusionMatrix(labels: Tensor([1, 0] as [Int32]), predictions: [[0.9, 0.1, 0.0], [0.8, 0.1, 0.1]])
    #expect(matrix.counts == [[1, 0, 0], [1, 0, 0], [0, 0, 0]])
    #expect(matrix.normalized()[2] == [0, 0, 0])
  }

  @Test func printsATable() throws {
    let matrix = try ConfusionMatrix(labels: [0, 0, 1], predictions: [0, 1, 1], classNames: ["cat", "a|b"])
    #expect(
      matrix.description == """
        true \\ predicted  cat  a|b
        cat                 1    1
        a|b                 0    1
        """)
    #expect(
      matrix.markdown == """
        | true \\\\ predicted | cat | a\\|b |
        | --- | ---: | ---: |
        | cat | 1 | 1 |
        | a\\|b | 0 | 1 |
        """)
  }

  @Test func nothingIsNoAccuracy() throws {
    let matrix = try ConfusionMatrix(labels: [], predictions: [], classNames: ["a"])
    #expect(matrix.accuracy.isNaN && matrix.counts == [[0]])
    #expect(try ConfusionMatrix(labels: [], predictions: []).classCount == 0)
  }

  @Test func badDataSayWhatIsWrong() throws {
    func message(_ labels: Tensor, _ predictions: Tensor, _ names: [String] = []) -> String {
      do { return try ConfusionMatrix(labels: labels, predictions: predictions, classNames: names).description } catch {
        return "\(error)"
      }
    }
    let two = Tensor([0, 1] as [Int32])
    #expect(message(two, Tensor([0] as [Int32])).contains("labels of shape [2] and predictions of shape [1]"))
    #expect(message(two, Tensor([0, 2] as [Int32]), ["a", "b"]).contains("prediction 2 of sample 1 is no class"))
    #expect(message(Tensor([0, -1] as [Int32]), two).contains("label -1 of sample 1"))
    #expect(message(two, Tensor([[0.1, 0.9], [.nan, 0]] as [[Float]])).contains("row 1 holds NaN"))
    #expect(message(two, Tensor([0.5, -1.5] as [Float])).contains("sigmoid"))
    #expect(message(two, Tensor([0, Float.infinity] as [Float])).contains("neither a class number"))
    #expect(message(two, Tensor.zeros([2, 2, 2])).contains("[n, classes]"))
    #expect(message(two, [[0.1, 0.9, 0], [0, 0, 1]], ["a", "b"]).contains("2 class names for 3 classes"))
    #expect(message(two, Tensor([0, 2_000_000_000] as [Int32])).contains("more than 5000"))
    #expect(throws: ModelError.self) { try ConfusionMatrix(labels: [Int.max], predictions: [0]) }
    #expect(throws: ModelError.self) { try ConfusionMatrix(labels: [0, 1], predictions: [0]) }
  }
}
