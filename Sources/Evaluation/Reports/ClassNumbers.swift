import DeepSwiftEngine

/// Which class each line of a tensor means: labels as they stand in a data set, or what a model predicted.
struct ClassNumbers {
  var numbers: [Int]
  /// How many classes the tensor speaks of, if its shape tells: one-hot rows and probabilities do.
  var classCount: Int?

  /// - Parameters:
  ///   - tensor: `[n]` or `[n, 1]` class numbers or probabilities of class 1, or `[n, classes]` one-hot rows, probabilities or
  ///     logits, of which the largest counts.
  ///   - what: `labels` or `predictions`, for errors.
  init(_ tensor: Tensor, _ what: String) throws {
    let shape = tensor.shape
    guard shape.rank == 1 || shape.rank == 2, shape.rank == 1 || shape[1] > 0 else {
      throw ModelError(
        .shape, at: what, "expects one class for each sample, of shape [n], [n, 1] or [n, classes], received \(shape)")
    }
    let rows = tensor.withUnsafeFloats { floats in floats.firstIndex(where: \.isNaN) }.map { $0 / max(shape.count / shape[0], 1) }
    if let row = rows { throw ModelError(.notANumber, at: what, "row \(row) holds NaN, which is no class") }
    if shape.rank == 2, shape[1] > 1 {
      (numbers, classCount) = (tensor.argmax(axis: -1), shape[1])
    } else if tensor.elementType == .float32 {
      (numbers, classCount) = (try ClassNumbers.single(tensor.floats, what), nil)
    } else {
      (numbers, classCount) = (tensor.integers, nil)
    }
  }

  /// One number for each sample: between 0 and 1 it is the probability of class 1, else it is the class.
  private static func single(_ values: [Float], _ what: String) throws -> [Int] {
    if values.allSatisfy({ (0...1).contains($0) }) { return values.map { $0 > 0.5 ? 1 : 0 } }
    return try values.enumerated().map { row, value in
      guard let number = Int(exactly: value) else {
        throw ModelError(
          .labels, at: what,
          "row \(row) holds \(value), neither a class number nor a probability. A model that gives logits needs a sigmoid "
            + "behind it.")
      }
      return number
    }
  }
}
