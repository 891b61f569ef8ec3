import DeepSwiftDatasets

/// Settings of Keras' that DeepSwift does not have, with the values that leave a model as it is without them.
///
/// They are not written: Keras then takes its own defaults, in every version. `nil` stands for any value.
/// `null`, Keras' way of saying that something is not used, is always accepted.
enum KerasAttributes {
  static func isNeutral(_ name: String, _ value: JSON) -> Bool {
    if value.isNull { return true }
    guard let accepted = neutral[name] else { return false }
    return accepted?.contains(value) ?? true
  }

  private static let neutral: [String: [JSON]?] = [
    // How a model is run, not what it computes.
    "autocast": nil, "experimental_autocast": nil, "fused": nil, "implementation": nil, "jit_compile": nil, "unroll": nil,
    "use_cudnn": nil, "is_legacy_optimizer": nil, "input_length": nil, "batch_input_shape": nil, "batch_shape": nil,
    "build_input_shape": nil, "flash_attention": nil, "query_shape": nil, "key_shape": nil, "value_shape": nil,
    // A loss is multiplied by it and its gradients are divided by it.
    "loss_scale_factor": nil,
    // Only read where something else is switched on.
    "renorm_momentum": nil, "renorm_clipping": nil, "ema_momentum": nil, "ema_overwrite_frequency": nil,
    // What DeepSwift always does.
    "data_format": ["channels_last"], "reduction": ["sum_over_batch_size", "auto"], "axis": [-1], "dynamic": [false],
    "sparse": [false], "ragged": [false], "optional": [false],
    // What it does not do.
    "mask_zero": [false], "stateful": [false], "time_major": [false], "zero_output_for_mask": [false], "attention_axes": [[1]],
    "use_gate": [false], "fill_mode": ["constant"], "fill_value": [0.0],
    "return_state": [false], "softmax_robust_masking": [false],
    "renorm": [false], "synchronized": [false], "rms_scaling": [false], "use_ema": [false], "decay": [0.0],
  ]

  /// Whether that is the type of numbers that DeepSwift computes in.
  static func isFloat32(_ value: JSON) -> Bool { value.isNull || typeName(value) == "float32" }

  /// What Keras calls a type of numbers.
  static func typeName(_ value: JSON) -> String? { value.string ?? value["config"]?["name"]?.string }
}
