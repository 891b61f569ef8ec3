import DeepSwiftEngine
import DeepSwiftLayers

/// A copy of all weights of a model at one moment: one copy for each block of memory.
struct WeightSnapshot {
  private var blocks: [(store: ParameterStore, values: [Float])]

  init(of model: Model) { blocks = model.allStores.map { ($0, $0.snapshot) } }

  /// The weights of `model` as they were kept, by name.
  func tensors(of model: Model) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (name, parameter) in model.parameters {
      for block in blocks where (0..<block.store.count).contains(parameter.values - block.store.values) {
        let first = parameter.values - block.store.values
        tensors[name] = Tensor(Array(block.values[first..<first + parameter.count]), shape: parameter.shape)
      }
    }
    return tensors
  }

  /// A copy that was kept elsewhere, by name.
  init(of model: Model, _ tensors: [String: Tensor]) throws {
    var blocks = WeightSnapshot(of: model).blocks
    for (name, parameter) in model.parameters {
      guard let tensor = tensors[name], tensor.shape == parameter.shape else {
        throw ModelError(.file, at: name, "the weights that were kept do not fit the model")
      }
      for index in blocks.indices {
        let first = parameter.values - blocks[index].store.values
        guard (0..<blocks[index].store.count).contains(first) else { continue }
        blocks[index].values.replaceSubrange(first..<first + parameter.count, with: tensor.floats)
      }
    }
    self.blocks = blocks
  }

  func restore() { for block in blocks { block.store.snapshot = block.values } }
}

extension Model {
  /// The blocks of this model's weights, and of the models among its layers.
  var allStores: [ParameterStore] { stores + layers.flatMap { ($0.layer as? Model)?.allStores ?? [] } }
}
