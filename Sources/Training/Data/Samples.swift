import DeepSwiftEngine

/// Data that were checked against a model: every tensor has the shape that the model takes.
struct Samples {
  /// In the order of the model's inputs.
  let inputs: [Tensor]
  /// In the order of the outputs; `nil` for an output without a loss.
  let targets: [Tensor?]
  /// One weight for each sample and output, where there are weights.
  let weights: [Tensor?]
  let count: Int

  /// All tensors in the order in which programs read them.
  var sources: [Tensor] { inputs + targets.compactMap { $0 } + weights.compactMap { $0 } }
  /// The shapes of one sample of each target, as the programs see them.
  var targetShapes: [Shape?] { targets.map { $0.map { Shape($0.shape.dimensions.dropFirst().map { $0 }) } } }
}

/// Checks data before they are used, so that a fault is thrown before anything has changed.
struct DataCheck {
  let structure: Structure
  /// `nil` for prediction, which needs no targets.
  let losses: [(any Loss)?]?
  /// For each output what is measured on it.
  let metrics: [[any Metric]]
  let rejectsNaN: Bool
  /// For each input the rows of the smallest table that its numbers look something up in.
  private let tables: [Int?]

  init(
    structure: Structure, expression: Expression, losses: [(any Loss)?]?, metrics: [[any Metric]] = [],
    rejectsNaN: Bool = false
  ) {
    self.structure = structure
    self.losses = losses
    self.metrics = metrics
    self.rejectsNaN = rejectsNaN
    tables = expression.inputs.map { expression.smallestTable(lookedUpBy: $0) }
  }

  func inputs(_ x: any TensorSet) throws -> [Tensor] {
    let tensors = try x.ordered(as: structure.inputNames, "input")
    for (index, tensor) in tensors.enumerated() {
      // Put together only for errors: predicting one sample takes a few microseconds.
      var place: String { "input \"\(structure.inputNames[index])\"" }
      let expected = structure.inputs[index].shape
      let received = tensor.shape
      guard received.rank > 0, fits(Shape(received.dimensions.dropFirst().map { $0 }), expected) else {
        throw ModelError(
          .shape, at: place,
          "expected shape [*\(expected.dimensions.map { ", \($0)" }.joined())], received \(received)"
            + hint(received, expected))
      }
      guard received[0] == tensors[0].shape[0] else {
        throw ModelError(
          .shape, at: place, "has \(received[0]) samples, but input \"\(structure.inputNames[0])\" has \(tensors[0].shape[0])")
      }
      guard received[0] > 0 else { throw ModelError(.argument, at: place, "there are no samples: the shape is \(received)") }
      if rejectsNaN { try checkNumbers(tensor, place) }
      if let rows = tables[index] { try checkIndices(tensor, rows, place) }
    }
    return tensors
  }

  func samples(_ x: any TensorSet, _ y: any TensorSet, weights: [Tensor?]? = nil) throws -> Samples {
    let inputs = try inputs(x), count = inputs[0].shape[0], losses = losses ?? []
    // An output without a loss and without metrics needs no targets.
    let needed = losses.indices.filter { losses[$0] != nil || !metrics[$0].isEmpty }
    let given = try targets(y, of: needed)
    var targets: [Tensor?] = losses.map { _ in nil }
    for (tensor, index) in zip(given, needed) {
      let (prediction, name) = (structure.outputs[index].shape, structure.outputNames[index])
      let checked = try target(tensor, losses[index], prediction, name, count)
      try checkMetrics(metrics[index], checked, prediction, name)
      targets[index] = checked
    }
    return Samples(inputs: inputs, targets: targets, weights: weights ?? losses.map { _ in nil }, count: count)
  }

  /// Samples of the data may lack a last axis of length 1, or have one too many: the numbers are the same.
  private func fits(_ received: Shape, _ expected: Shape) -> Bool {
    received == expected || Shape(received.dimensions + [1]) == expected || received == Shape(expected.dimensions + [1])
  }

  private func hint(_ received: Shape, _ expected: Shape) -> String {
    if received == expected { return ". This is one sample: put it into a batch with expandingDimensions(axis: 0)." }
    return ""
  }

  /// The targets of some outputs. Targets of the others may be given too; they are not looked at.
  private func targets(_ y: any TensorSet, of needed: [Int]) throws -> [Tensor] {
    let all = structure.outputNames, names = needed.map { all[$0] }
    if let named = y as? [String: Tensor] {
      return try named.filter { names.contains($0.key) || !all.contains($0.key) }.ordered(as: names, "output")
    }
    if let listed = y as? [Tensor], listed.count == all.count { return needed.map { listed[$0] } }
    return try y.ordered(as: names, "output")
  }

  /// A metric that cannot be measured with these targets would give a number without meaning.
  private func checkMetrics(_ metrics: [any Metric], _ target: Tensor, _ prediction: Shape, _ name: String) throws {
    let count = target.shape.count / target.shape[0], shape = "[*\(prediction.dimensions.map { ", \($0)" }.joined())]"
    let advice = "For the share of right answers use .accuracy."
    for metric in metrics {
      let place = "metric \"\(metric.name)\" of output \"\(name)\""
      switch metric.targets {
      case .values where count != prediction.count:
        throw ModelError(
          .argument, at: place,
          "compares predictions of shape \(shape) with targets of the same shape, but the targets are class numbers. " + advice)
      case .classes where prediction.rank > 0 && count != prediction.count / prediction.last:
        throw ModelError(
          .argument, at: place,
          "needs a class number for each prediction of shape \(shape), but the targets have its shape. " + advice)
      default: break
      }
    }
  }

  private func target(
    _ tensor: Tensor, _ loss: (any Loss)?, _ prediction: Shape, _ name: String, _ count: Int
  ) throws -> Tensor {
    let place = "output \"\(name)\"", received = tensor.shape
    guard received.rank > 0 else {
      throw ModelError(.labels, at: place, "targets are a single number; one for each of \(count) samples is needed")
    }
    guard received[0] == count else {
      throw ModelError(.labels, at: place, "there are \(received[0]) targets for \(count) samples")
    }
    let sample = Shape(received.dimensions.dropFirst().map { $0 })
    if rejectsNaN { try checkNumbers(tensor, "targets of \(place)") }
    guard let loss else { return try measured(tensor, sample, prediction, place) }
    if prediction.rank == 0 || prediction.last == 1, [.classes, .distributions].contains(loss.targets) {
      throw ModelError(
        .labels, at: place,
        "\(type(of: loss)) chooses among classes, but the model predicts a single number. For two classes use "
          + ".binaryCrossentropy, or two outputs: Dense(2, activation: .softmax).")
    }
    switch loss.targets {
    case .classes:
      let places = Shape(prediction.dimensions.dropLast().map { $0 })
      guard prediction.rank > 0, sample == places || sample == Shape(places.dimensions + [1]) else {
        let isOneHot = sample == prediction
        throw ModelError(
          .labels, at: place,
          "\(type(of: loss)) expects one class number for each prediction, shape [*\(places.dimensions.map { ", \($0)" }.joined())], "
            + "received \(received)"
            + (isOneHot ? ". These look like one-hot targets: use .categoricalCrossentropy, or labels.argmax()." : ""))
      }
      try checkClasses(tensor, prediction.last, place)
      return tensor.reshaped(Shape([count] + places.dimensions))
    case .values, .probabilities, .distributions:
      guard fits(sample, prediction) else {
        let looksLikeClasses =
          Shape(sample.dimensions + [prediction.last]) == prediction
          || sample == Shape(prediction.dimensions.dropLast() + [1])
        throw ModelError(
          .labels, at: place,
          "\(type(of: loss)) compares targets with predictions of shape [*\(prediction.dimensions.map { ", \($0)" }.joined())], "
            + "received \(received). Targets are never stretched to fit."
            + (looksLikeClasses && loss.targets == .distributions
              ? " For class numbers use .sparseCategoricalCrossentropy, or labels.oneHot(classes: \(prediction.last))." : ""))
      }
      if loss.targets != .values { try checkProbabilities(tensor, loss, place) }
      return tensor.reshaped(Shape([count] + prediction.dimensions))
    }
  }

  /// Targets of an output that is measured and not trained: like its predictions, or class numbers.
  private func measured(_ tensor: Tensor, _ sample: Shape, _ prediction: Shape, _ place: String) throws -> Tensor {
    if fits(sample, prediction) { return tensor.reshaped(Shape([tensor.shape[0]] + prediction.dimensions)) }
    let places = Shape(prediction.dimensions.dropLast().map { $0 })
    guard sample == places || sample == Shape(places.dimensions + [1]) else {
      throw ModelError(
        .labels, at: place,
        "targets of shape \(tensor.shape) do not fit predictions of shape [*\(prediction.dimensions.map { ", \($0)" }.joined())]")
    }
    return tensor.reshaped(Shape([tensor.shape[0]] + places.dimensions))
  }

  private func checkClasses(_ tensor: Tensor, _ classes: Int, _ place: String) throws {
    try tensor.forEachNumber { index, label in
      guard label >= 0, label < Float(classes), label == label.rounded() else {
        throw ModelError(
          .labels, at: place,
          "label \(describe(label)) of sample \(index / max(tensor.shape.count / tensor.shape[0], 1)) is no class: the model "
            + "predicts \(classes) classes, so labels are whole numbers in 0..<\(classes)"
            + (label == Float(classes) ? ". Do they count from 1? Subtract 1." : ""))
      }
    }
  }

  private func checkProbabilities(_ tensor: Tensor, _ loss: any Loss, _ place: String) throws {
    try tensor.forEachNumber { index, value in
      guard value >= 0, value <= 1 else {
        throw ModelError(
          .labels, at: place,
          "\(type(of: loss)) expects targets from 0 to 1, received \(describe(value)) in sample "
            + "\(index / max(tensor.shape.count / tensor.shape[0], 1))")
      }
    }
  }

  private func checkNumbers(_ tensor: Tensor, _ place: String) throws {
    guard tensor.elementType == .float32 else { return }
    try tensor.forEachNumber { index, value in
      guard value.isFinite else {
        throw ModelError(
          .notANumber, at: place, "sample \(index / max(tensor.shape.count / tensor.shape[0], 1)) holds \(describe(value))")
      }
    }
  }

  /// Numbers that look up rows of a table must name rows of it.
  private func checkIndices(_ tensor: Tensor, _ rows: Int, _ place: String) throws {
    try tensor.forEachNumber { index, value in
      guard value >= 0, value < Float(rows), value == value.rounded() else {
        throw ModelError(
          .labels, at: place,
          "\(describe(value)) in sample \(index / max(tensor.shape.count / tensor.shape[0], 1)) names no row of an embedding "
            + "with \(rows) rows: whole numbers in 0..<\(rows) are needed")
      }
    }
  }

  private func describe(_ value: Float) -> String {
    value == value.rounded() && value.magnitude < 1e9 ? "\(Int(value))" : "\(value)"
  }
}

extension Tensor {
  /// Calls `body` with each number and its place.
  fileprivate func forEachNumber(_ body: (Int, Float) throws -> Void) rethrows {
    let count = shape.count
    switch elementType {
    case .uint8:
      let numbers = storage.bytes.assumingMemoryBound(to: UInt8.self)
      for i in 0..<count { try body(i, Float(numbers[i])) }
    case .int32:
      let numbers = storage.bytes.assumingMemoryBound(to: Int32.self)
      for i in 0..<count { try body(i, Float(numbers[i])) }
    case .float32:
      let numbers = storage.bytes.assumingMemoryBound(to: Float.self)
      for i in 0..<count { try body(i, numbers[i]) }
    }
  }
}
