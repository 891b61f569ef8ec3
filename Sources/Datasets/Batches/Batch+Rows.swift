import DeepSwiftEngine

extension Batch {
  /// A batch of one sample: tensors without the batch axis get one.
  public init(sample x: Tensor, _ y: Tensor? = nil, weight: Float? = nil) {
    self.init(
      x: x.expandingDimensions(axis: 0), y: y?.expandingDimensions(axis: 0), sampleWeight: weight.map { Tensor([$0]) })
  }

  /// Some consecutive samples.
  public subscript(_ range: Range<Int>) -> Batch {
    Batch(
      inputs: inputs.mapValues { $0[range] }, targets: targets.mapValues { $0[range] }, sampleWeight: sampleWeight?[range])
  }

  /// Whether there are equally many of everything, so that samples can be told apart.
  func check() throws {
    let all = inputs.merging(targets.map { ("target \($0)", $1) }) { a, _ in a }
    for (name, tensor) in all.merging(sampleWeight.map { ["sampleWeight": $0] } ?? [:], uniquingKeysWith: { a, _ in a }) {
      guard tensor.rank > 0, tensor.shape[0] == count else {
        throw ModelError(
          .shape, at: "batch", "\(name.isEmpty ? "x" : name) has the shape \(tensor.shape) in a batch of \(count) samples")
      }
    }
  }

  /// Batches one behind the other.
  static func concatenated(_ parts: [Batch]) throws -> Batch {
    guard parts.count > 1, let first = parts.first else { return parts.first ?? Batch(inputs: [:], targets: [:]) }
    func joined(_ tensors: [Tensor?], _ name: String) throws -> Tensor {
      let present = tensors.compactMap { $0 }, sample = present.first?.shape.dimensions.dropFirst()
      guard let example = present.first, present.count == tensors.count,
        present.allSatisfy({ $0.shape.dimensions.dropFirst() == sample && $0.elementType == example.elementType })
      else {
        throw ModelError(
          .shape, at: "batch",
          "\(name) differs from sample to sample and cannot be put into one batch: \(Set(present.map { "\($0.elementType) \($0.shape)" }).sorted())"
            + (present.count < tensors.count ? ", and is missing in some" : ""))
      }
      return Tensor.concatenated(present)
    }
    guard parts.allSatisfy({ $0.inputs.count == first.inputs.count && $0.targets.count == first.targets.count }) else {
      throw ModelError(.shape, at: "batch", "inputs or targets have other names than in the first batch")
    }
    let hasWeights = parts.contains { $0.sampleWeight != nil }
    return Batch(
      inputs: try Dictionary(
        uniqueKeysWithValues: first.inputs.keys.map { name in
          (name, try joined(parts.map { $0.inputs[name] }, name.isEmpty ? "x" : "input \"\(name)\""))
        }),
      targets: try Dictionary(
        uniqueKeysWithValues: first.targets.keys.map { name in
          (name, try joined(parts.map { $0.targets[name] }, name.isEmpty ? "y" : "target \"\(name)\""))
        }),
      sampleWeight: hasWeights ? try joined(parts.map(\.sampleWeight), "sampleWeight") : nil)
  }
}
