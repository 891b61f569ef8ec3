import DeepSwiftDatasets
import DeepSwiftLayers

extension RandomRotation: KerasForm {
  // Keras 3.0 writes it and does not use it.
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) { config["value_range"] = nil }
}

extension RandomContrast: KerasForm {
  static var kerasDefaults: JSON.Object { ["value_range": [0.0, 255.0]] }
  func write(_ config: inout JSON.Object) { leaveOutDefaults(&config) }
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) {
    // Keras 3.0 writes one number where both are the same.
    if let factor = config["factor"], factor.double != nil { config["factor"] = [factor, factor] }
  }
}

extension Resizing: KerasForm {
  static var kerasDefaults: JSON.Object { ["pad_to_aspect_ratio": false, "fill_value": 0.0, "antialias": false] }
  func write(_ config: inout JSON.Object) { leaveOutDefaults(&config) }
}

extension KerasForm {
  /// Takes out the settings that older versions of Keras do not have, where they are as there.
  fileprivate func leaveOutDefaults(_ config: inout JSON.Object) {
    for name in Self.kerasDefaults.keys where config[name] == Self.kerasDefaults[name] { config[name] = nil }
  }
}
