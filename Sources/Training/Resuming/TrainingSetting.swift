import DeepSwiftEngine

/// What a training is like as far as a backup has to fit it: the model, its data, and how they are walked through.
struct TrainingSetting: Codable {
  /// The names and shapes of all weights.
  var weights: [String: Shape]
  var trainedWeights: [String]
  var optimizer: String
  var losses, metrics: [String]
  var data: DataSignature
  var validation: DataSignature?
  var stepsPerEpoch: Int?
  var initialEpoch, validationFrequency: Int

  /// What is different in `other`, for people.
  func differences(from other: TrainingSetting) -> [String] {
    var list: [String] = []
    func compare<Value: Equatable>(_ name: String, _ then: Value, _ now: Value) {
      if then != now { list.append("\(name): \(text(then)) in the backup, \(text(now)) now") }
    }
    for (name, shape) in weights.sorted(by: { $0.key < $1.key }) where other.weights[name] != shape {
      list.append("weight \"\(name)\": \(shape) in the backup, \(other.weights[name].map { "\($0)" } ?? "none") now")
    }
    for name in other.weights.keys.sorted() where weights[name] == nil {
      list.append("weight \"\(name)\": none in the backup, \(other.weights[name]!) now")
    }
    compare("trained weights", trainedWeights, other.trainedWeights)
    compare("optimizer", optimizer, other.optimizer)
    compare("losses", losses, other.losses)
    compare("metrics", metrics, other.metrics)
    for (kind, then, now) in [("training", data, other.data), ("validation", validation ?? .none, other.validation ?? .none)] {
      compare("\(kind) samples", then.samples, now.samples)
      compare("\(kind) batch size", then.batchSize, now.batchSize)
      compare("\(kind) batches", then.batches, now.batches)
      compare("shuffle", then.shuffles, now.shuffles)
      // Where their number differs, so do they.
      if then.samples == now.samples, then.content != now.content { list.append("the \(kind) data have other contents") }
    }
    compare("stepsPerEpoch", stepsPerEpoch, other.stepsPerEpoch)
    compare("initialEpoch", initialEpoch, other.initialEpoch)
    compare("validationFrequency", validationFrequency, other.validationFrequency)
    return list
  }

  private func text(_ value: Any) -> String {
    if let list = value as? [String] { return list.isEmpty ? "none" : list.joined(separator: ", ") }
    if let number = value as? Int? { return number.map(String.init) ?? "unknown" }
    return "\(value)"
  }
}

/// What data are like, so that others are not taken for them.
struct DataSignature: Codable, Equatable {
  /// The number of samples; `nil` where a source hands out batches.
  var samples: Int?
  var batchSize: Int?
  var batches: Int?
  var shuffles: Bool?
  /// A hash of some of their bytes.
  var content: UInt64?

  static let none = DataSignature(samples: 0, batchSize: 0, batches: 0)

  /// A hash of the tensors' shapes and of a few thousand bytes all over them.
  static func content(of tensors: [Tensor]) -> UInt64 {
    var hash = RandomSource(seed: UInt64(tensors.count))
    for tensor in tensors {
      hash = hash.keyed("\(tensor.elementType)\(tensor.shape)")
      tensor.withUnsafeBytes { bytes in
        let step = max(bytes.count / 4096, 1)
        // An odd step meets all bytes of numbers that take four.
        for index in stride(from: 0, to: bytes.count, by: step | 1) { hash = hash.keyed(UInt64(bytes[index])) }
      }
    }
    return hash.bits(at: 0)
  }
}
