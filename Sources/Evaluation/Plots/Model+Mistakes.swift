import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation

/// A sample that a model took for something else.
public struct Mistake: Sendable, Equatable {
  /// The place of the sample in the data.
  public var index: Int
  /// The class that it is of.
  public var label: Int
  /// The class that the model took it for, and how sure the model was.
  public var prediction: Int
  /// How probable the model thinks its answer is.
  public var probability: Double
}

extension Model {
  /// The samples that the model gets wrong, those first of which it is surest.
  public func mistakes(on data: Dataset, batchSize: Int = 32) throws -> [Mistake] {
    try mistakes(on: data.batched(batchSize))
  }

  /// The samples that the model gets wrong, those first of which it is surest.
  public func mistakes(on source: any BatchedDataset) throws -> [Mistake] {
    var all: [Mistake] = [], first = 0
    try judge(source) { judged in
      all += judged.mistakes(from: first)
      first += judged.labels.numbers.count
    }
    return all.sorted(by: Mistake.isSurer)
  }

  /// Draws the images that the model gets wrong, those first of which it is surest, with the class that they are of, the class
  /// that the model said and its probability.
  ///
  ///     try model.plotMistakes(on: test, to: "mistakes.svg")
  public func plotMistakes(
    on data: Dataset, to path: String, count: Int = 25, columns: Int? = nil, title: String? = nil, batchSize: Int = 32
  ) throws {
    try plotMistakes(
      on: data.batched(batchSize), to: path, classNames: data.classNames, count: count, columns: columns, title: title)
  }

  /// - Parameter classNames: what the classes 0, 1, 2, … are called.
  public func plotMistakes(
    on source: any BatchedDataset, to path: String, classNames: [String] = [], count: Int = 25, columns: Int? = nil,
    title: String? = nil
  ) throws {
    try Drawing.checkFormat(path)
    guard count > 0 else { throw ModelError(.argument, at: path, "count must be at least 1, received \(count)") }
    guard columns ?? 1 > 0 else { throw ModelError(.argument, at: path, "columns must be at least 1, received \(columns!)") }
    var worst: [(mistake: Mistake, image: Tensor)] = [], samples = 0, wrong = 0
    try judge(source) { judged in
      guard judged.inputs.count == 1, let x = judged.inputs.values.first else {
        throw ModelError(.argument, at: path, "one input is needed to draw, the data have \(judged.inputs.count)")
      }
      let mistakes = judged.mistakes(from: samples)
      worst += mistakes.map { ($0, x[$0.index - samples..<$0.index - samples + 1]) }
      worst.sort { Mistake.isSurer($0.mistake, $1.mistake) }
      worst.removeLast(max(0, worst.count - count))
      wrong += mistakes.count
      samples += judged.labels.numbers.count
    }

    func name(_ label: Int) -> String { classNames.indices.contains(label) ? classNames[label] : "\(label)" }
    let cells = try zip(Pixels.images(together: worst.map(\.image)), worst.map(\.mistake)).map { image, mistake in
      let percent = Int((mistake.probability * 100).rounded())
      return ImageGrid.Cell(
        image,
        [
          .init("is \(name(mistake.label))", HistoryPlot.colors[0]),
          .init("\(percent) % \(name(mistake.prediction))", HistoryPlot.colors[1]),
        ])
    }
    let summary = "\(withCommas(wrong)) of \(withCommas(samples)) wrong"
    let grid = ImageGrid(
      cells, columns: columns, title: title ?? (wrong > cells.count ? summary + ", the surest first" : summary),
      note: "The model gets every sample right.")
    try grid.drawing(summary).write(to: path)
  }
}

extension Mistake {
  fileprivate static func isSurer(_ a: Mistake, _ b: Mistake) -> Bool {
    a.probability == b.probability ? a.index < b.index : a.probability > b.probability
  }
}

extension JudgedBatch {
  /// - Parameter first: the place of the batch's first sample in the data.
  fileprivate func mistakes(from first: Int) -> [Mistake] {
    zip(labels.numbers, classes.numbers).enumerated().filter { $1.0 != $1.1 }.map { row, classes in
      Mistake(index: first + row, label: classes.0, prediction: classes.1, probability: probability(of: classes.1, row))
    }
  }

  /// What stands in the prediction, if it is a probability, else its softmax.
  private func probability(of number: Int, _ row: Int) -> Double {
    let width = predictions.count / predictions.shape[0]
    let values = predictions.withUnsafeFloats { floats in
      floats[row * width..<(row + 1) * width].map(Double.init)
    }
    if width == 1 { return number == 0 ? 1 - values[0] : values[0] }
    if values.allSatisfy({ (0...1).contains($0) }), abs(values.reduce(0, +) - 1) < 1e-3 { return values[number] }
    // The predicted class has the largest value, so no exponential overflows.
    return 1 / values.reduce(0) { $0 + exp($1 - values[number]) }
  }
}

extension Pixels {
  /// The images of several tensors, drawn with one range of brightness.
  fileprivate static func images(together tensors: [Tensor]) throws -> [Pixels] {
    guard let first = tensors.first else { return [] }
    let sample = first.shape.dimensions.dropFirst()
    guard tensors.allSatisfy({ $0.shape.dimensions.dropFirst() == sample }) else { return try tensors.flatMap(images) }
    if first.elementType == .uint8 { return try tensors.flatMap(images) }
    return try images(Tensor(tensors.flatMap(\.floats), shape: Shape([tensors.count] + sample)))
  }
}
