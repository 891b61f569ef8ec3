import DeepSwiftDatasets
import DeepSwiftEngine

extension IdentityInitializer: KerasForm {
  static var kerasClass: String { "Identity" }
  // Keras does not write it.
  static var kerasDefaults: JSON.Object { ["gain": 1.0] }
}

extension RandomNormal: KerasForm {
  static var kerasNames: [String: String] { ["standardDeviation": "stddev"] }
}

extension TruncatedNormal: KerasForm {
  static var kerasNames: [String: String] { ["standardDeviation": "stddev"] }
}

extension RandomUniform: KerasForm {
  static var kerasNames: [String: String] { ["minimum": "minval", "maximum": "maxval"] }
  static var kerasDefaults: JSON.Object { ["minval": -0.05, "maxval": 0.05] }
}

extension Orthogonal: KerasForm {
  // The name that all versions of Keras 3 know; those from 3.7 on write the shorter one.
  static var kerasClass: String { "OrthogonalInitializer" }
  static var kerasDefaults: JSON.Object { ["gain": 1.0] }
}

extension VarianceScaling: KerasForm {
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) throws {
    // The older name.
    if config["distribution"] == "normal" { config["distribution"] = "truncated_normal" }
  }
}

// The short names of regularizers, `l2`, stand for these.
extension L1: KerasForm {
  static var kerasDefaults: JSON.Object { ["l1": 0.01] }
}

extension L2: KerasForm {
  static var kerasDefaults: JSON.Object { ["l2": 0.01] }
}

extension L1L2: KerasForm {
  static var kerasDefaults: JSON.Object { ["l1": 0.0, "l2": 0.0] }
}
