import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining

extension Model {
  /// Which classes the model takes for which, on some data. Nothing is changed.
  public func confusionMatrix(on data: Dataset, batchSize: Int = 32) throws -> ConfusionMatrix {
    try confusionMatrix(on: data.x, data.y, classNames: data.classNames, batchSize: batchSize)
  }

  /// - Parameter y: class numbers or one-hot rows.
  public func confusionMatrix(
    on x: any TensorSet, _ y: Tensor, classNames: [String] = [], batchSize: Int = 32
  ) throws -> ConfusionMatrix {
    try ConfusionMatrix(labels: y, predictions: predict(x, batchSize: batchSize), classNames: classNames)
  }

  /// - Parameter classNames: what the classes are called. Without names there are as many as the data speak of.
  public func confusionMatrix(on source: any BatchedDataset, classNames: [String] = []) throws -> ConfusionMatrix {
    var labels: [Int] = [], predictions: [Int] = [], classCount: Int?
    try judge(source) { judged in
      labels += judged.labels.numbers
      predictions += judged.classes.numbers
      classCount = [classCount, judged.labels.classCount, judged.classes.classCount].compactMap(\.self).max()
    }
    return try ConfusionMatrix(
      labels: labels, predictions: predictions, classNames: classNames, classCount: classCount)
  }

  /// Precision, recall and F1 of each class, on some data. Nothing is changed.
  public func classificationReport(on data: Dataset, batchSize: Int = 32) throws -> ClassificationReport {
    ClassificationReport(try confusionMatrix(on: data, batchSize: batchSize))
  }

  /// - Parameter y: class numbers or one-hot rows.
  public func classificationReport(
    on x: any TensorSet, _ y: Tensor, classNames: [String] = [], batchSize: Int = 32
  ) throws -> ClassificationReport {
    ClassificationReport(try confusionMatrix(on: x, y, classNames: classNames, batchSize: batchSize))
  }

  /// - Parameter classNames: what the classes are called. Without names there are as many as the data speak of.
  public func classificationReport(
    on source: any BatchedDataset, classNames: [String] = []
  ) throws -> ClassificationReport {
    ClassificationReport(try confusionMatrix(on: source, classNames: classNames))
  }
}

/// One batch, and what a model says to it.
struct JudgedBatch {
  var inputs: [String: Tensor]
  var labels, classes: ClassNumbers
  var predictions: Tensor
}

extension Model {
  /// Predicts batch after batch.
  func judge(_ source: any BatchedDataset, _ body: (JudgedBatch) throws -> Void) throws {
    var batches = try source.makeBatches(), capacity = 1, isEmpty = true
    while let batch = try batches.next() {
      guard batch.targets.count == 1, let y = batch.targets.values.first else {
        throw ModelError(
          .labels, at: "a batch", "one target is needed to compare predictions with, received \(batch.targets.count)")
      }
      let x: any TensorSet = batch.inputs[""] ?? batch.inputs
      // The first batch is the largest; a program is planned for it once.
      capacity = max(capacity, batch.count)
      let predictions = try predict(x, batchSize: capacity)
      guard y.rank > 0, y.shape[0] == predictions.shape[0] else {
        throw ModelError(.shape, at: "a batch", "targets of shape \(y.shape) for \(predictions.shape[0]) samples")
      }
      isEmpty = false
      try body(
        JudgedBatch(
          inputs: batch.inputs, labels: ClassNumbers(y, "labels"), classes: ClassNumbers(predictions, "predictions"),
          predictions: predictions))
    }
    if isEmpty { throw ModelError.noBatches }
  }
}
