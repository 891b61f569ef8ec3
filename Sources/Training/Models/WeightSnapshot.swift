import DeepSwiftEngine
import DeepSwiftLayers

/// A copy of all weights of a model at one moment: one copy for each block of memory.
struct WeightSnapshot {
  private let blocks: [(store: ParameterStore, values: [Float])]

  init(of model: Model) { blocks = model.allStores.map { ($0, $0.snapshot) } }

  func restore() { for block in blocks { block.store.snapshot = block.values } }
}

extension Model {
  /// The blocks of this model's weights, and of the models among its layers.
  var allStores: [ParameterStore] { stores + layers.flatMap { ($0.layer as? Model)?.allStores ?? [] } }
}
