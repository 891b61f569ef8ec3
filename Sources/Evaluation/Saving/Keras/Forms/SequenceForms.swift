import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers

extension LSTM: KerasForm {
  /// Keras keeps the weights with the cell that computes a single step.
  func kerasFolders(_ parameters: [Parameter]) -> [KerasFolder] { [KerasFolder("", []), KerasFolder("cell", parameters)] }

  func kerasCall(_ tensors: [JSON]) -> (args: [JSON], kwargs: JSON.Object) {
    tensors.count == 1 ? (tensors, [:]) : ([tensors[0]], ["initial_state": .array(Array(tensors.dropFirst()))])
  }
}

extension MultiHeadAttention: KerasForm {
  static var kerasDefaults: JSON.Object { ["use_causal_mask": false, "takes_mask": false] }

  // In Keras both belong to a call.
  func write(_ config: inout JSON.Object) {
    for name in Self.kerasDefaults.keys { config[name] = nil }
  }

  func kerasCall(_ tensors: [JSON]) -> (args: [JSON], kwargs: JSON.Object) {
    var kwargs: JSON.Object = [:]
    if takesMask, let mask = tensors.last { kwargs["attention_mask"] = mask }
    if useCausalMask { kwargs["use_causal_mask"] = true }
    return (takesMask ? Array(tensors.dropLast()) : tensors, kwargs)
  }

  mutating func read(args: [JSON], kwargs: JSON.Object) {
    useCausalMask = kwargs["use_causal_mask"] == true
    takesMask = args.count > 3 || !(kwargs["attention_mask"]?.isNull ?? true)
  }

  /// Each product is a layer of its own there.
  func kerasFolders(_ parameters: [Parameter]) -> [KerasFolder] {
    let parts = [("query", "query_dense"), ("key", "key_dense"), ("value", "value_dense"), ("attention_output", "output_dense")]
    return [KerasFolder("", [])]
      + parts.map { part, folder in KerasFolder(folder, parameters.filter { $0.name.hasPrefix(part + "/") }) }
  }
}
