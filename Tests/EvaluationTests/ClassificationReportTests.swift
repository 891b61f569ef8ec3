import DeepSwift
import Testing

/// Numbers and texts are scikit-learn's (1.9.1, `classification_report`).
@Suite struct ClassificationReportTests {
  @Test func printsAsScikitLearn() throws {
    let few = try ConfusionMatrix(
      labels: [0, 1, 2, 2, 2], predictions: [0, 0, 2, 2, 1], classNames: ["class 0", "class 1", "class 2"])
    #expect(
      ClassificationReport(few).description == """
                      precision    recall  f1-score   support

             class 0       0.50      1.00      0.67         1
             class 1       0.00      0.00      0.00         1
             class 2       1.00      0.67      0.80         3

            accuracy                           0.60         5
           macro avg       0.50      0.56      0.49         5
        weighted avg       0.70      0.60      0.61         5
        """)
    let forty = try ConfusionMatrixTests.forty(["airplane", "a class of very long name", "x", "y"])
    #expect(
      ClassificationReport(forty).text(digits: 4) == """
                                   precision    recall  f1-score   support

                         airplane     0.6000    0.6000    0.6000         5
        a class of very long name     0.7500    0.8182    0.7826        11
                                x     0.5333    0.8000    0.6400        10
                                y     1.0000    0.5714    0.7273        14

                         accuracy                         0.7000        40
                        macro avg     0.7208    0.6974    0.6875        40
                     weighted avg     0.7646    0.7000    0.7048        40
        """)
  }

  private func expect(
    _ figures: ClassificationReport.Figures, _ precision: Double, _ recall: Double, _ f1: Double, _ support: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (value, expected) in [(figures.precision, precision), (figures.recall, recall), (figures.f1, f1)] {
      let isClose = expected.isNaN ? value.isNaN : (value - expected).magnitude < 1e-12
      #expect(isClose, "\(figures)", sourceLocation: sourceLocation)
    }
    #expect(figures.support == support, sourceLocation: sourceLocation)
  }

  @Test func aClassThatIsNeverPredicted() throws {
    let matrix = try ConfusionMatrix(labels: [0, 0, 1, 1, 2], predictions: [0, 1, 1, 1, 0])
    let zero = ClassificationReport(matrix)
    expect(zero.classes[1], 2 / 3.0, 1, 0.8, 2)
    expect(zero.classes[2], 0, 0, 0, 1)
    expect(zero.macro, 0.38888888888888884, 0.5, 0.43333333333333335, 5)
    expect(zero.weighted, 0.4666666666666666, 0.6, 0.52, 5)
    let one = ClassificationReport(matrix, zeroDivision: 1)
    expect(one.classes[2], 1, 0, 0, 1)
    expect(one.macro, 0.7222222222222222, 0.5, 0.43333333333333335, 5)
    expect(one.weighted, 0.6666666666666666, 0.6, 0.52, 5)
    let none = ClassificationReport(matrix, zeroDivision: .nan)
    expect(none.classes[2], .nan, 0, 0, 1)
    expect(none.macro, 0.5833333333333333, 0.5, 0.43333333333333335, 5)
    expect(none.weighted, 0.5833333333333333, 0.6, 0.52, 5)
  }

  @Test func classesWithoutSamples() throws {
    let matrix = try ConfusionMatrix(
      labels: [0, 0, 1, 1, 1], predictions: [0, 1, 1, 1, 0], classNames: ["a", "b", "c", "d"])
    let zero = ClassificationReport(matrix)
    expect(zero.macro, 0.29166666666666663, 0.29166666666666663, 0.29166666666666663, 5)
    expect(zero.weighted, 0.6, 0.6, 0.6, 5)
    expect(ClassificationReport(matrix, zeroDivision: 1).macro, 0.7916666666666666, 0.7916666666666666, 0.7916666666666666, 5)
    expect(ClassificationReport(matrix, zeroDivision: .nan).macro, 0.5833333333333333, 0.5833333333333333, 0.5833333333333333, 5)
    #expect(zero["b"]?.support == 3 && zero["e"] == nil && zero.accuracy == 0.6)
  }

  @Test func markdown() throws {
    let report = try ClassificationReport(labels: Tensor([0, 1] as [Int32]), predictions: Tensor([0, 0] as [Int32]))
    #expect(
      report.markdown(digits: 1) == """
        | class | precision | recall | f1-score | support |
        | --- | ---: | ---: | ---: | ---: |
        | 0 | 0.5 | 1.0 | 0.7 | 1 |
        | 1 | 0.0 | 0.0 | 0.0 | 1 |
        | accuracy |  |  | 0.5 | 2 |
        | macro avg | 0.2 | 0.5 | 0.3 | 2 |
        | weighted avg | 0.2 | 0.5 | 0.3 | 2 |
        """)
  }
}
