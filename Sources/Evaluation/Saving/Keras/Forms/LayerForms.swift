import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers

extension Activation: KerasForm {
  static var kerasNames: [String: String] { ["function": "activation"] }
}

extension AveragePooling2D: KerasForm {
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) { windowsDoNotOverlap(&config) }
}

extension MaxPooling2D: KerasForm {
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) { windowsDoNotOverlap(&config) }
}

/// Where strides are not given they are as large as the window.
func windowsDoNotOverlap(_ config: inout JSON.Object) {
  if config["strides"]?.isNull ?? true { config["strides"] = config["pool_size"] }
}

extension BatchNormalization: KerasForm {
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) {
    // Keras 2 writes a list of one.
    if let axes = config["axis"]?.array, axes.count == 1 { config["axis"] = axes[0] }
  }
}

extension Conv2D: KerasForm {
  static var kerasDefaults: JSON.Object { ["groups": 1] }
}

extension DepthwiseConv2D: KerasForm {
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) {
    config["filters"] = nil
    leaveOutPlainConvolution(&config)
  }
}

extension SeparableConv2D: KerasForm {
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) { leaveOutPlainConvolution(&config) }
}

/// Keras 2 writes settings of the convolution that the layer is made from, which it does not use.
private func leaveOutPlainConvolution(_ config: inout JSON.Object) {
  config["groups"] = nil
  for name in ["kernel_initializer", "kernel_regularizer", "kernel_constraint"] where config["depthwise_initializer"] != nil {
    config[name] = nil
  }
}

extension Embedding: KerasForm {
  static var kerasNames: [String: String] { ["inputDimension": "input_dim", "outputDimension": "output_dim"] }
}

extension Flatten: KerasForm {}

extension GlobalAveragePooling2D: KerasForm {
  static var kerasNames: [String: String] { ["keepDimensions": "keepdims"] }
  static var kerasDefaults: JSON.Object { ["keepdims": false] }
}

extension GlobalMaxPooling2D: KerasForm {
  static var kerasNames: [String: String] { ["keepDimensions": "keepdims"] }
  static var kerasDefaults: JSON.Object { ["keepdims": false] }
}

extension InputLayer: KerasForm {
  func write(_ config: inout JSON.Object) throws {
    config["shape"] = nil
    config = JSON.Object(
      [("batch_shape", .array([.null] + shape.dimensions.map { .int($0) })), ("dtype", "float32"), ("sparse", false)]
        + zip(config.keys, config.values))
  }

  static func read(_ config: inout JSON.Object, _ reader: KerasReader) throws {
    guard let lengths = (config["batch_shape"] ?? config["batch_input_shape"])?.array, !lengths.isEmpty else {
      throw reader.fault("batch_shape is missing")
    }
    guard lengths[0].isNull || lengths[0].int != nil, lengths.count <= Shape.mostAxes + 1,
      lengths.dropFirst().allSatisfy({ ($0.int ?? 0) > 0 })
    else {
      throw reader.fault(
        "batch_shape: \(config["batch_shape"]?.excerpt ?? "") has an axis without a length, or too many axes. DeepSwift's samples "
          + "have a fixed shape: give the input one in Python, and save again.")
    }
    if config["dtype"]?.string == "string" { throw reader.fault("dtype: inputs of texts are not possible here") }
    config["shape"] = .array(Array(lengths.dropFirst()))
    // Numbers of any type are read as they are.
    config["dtype"] = nil
  }
}

extension Lambda: KerasForm {
  static func read(_ config: inout JSON.Object, _ reader: KerasReader) throws {
    throw reader.fault(
      "is a Lambda: a function, which no file holds safely. Write it as a layer of its own, in Python and as a Swift struct, "
        + "and pass that as customLayers:.")
  }
}

extension LayerNormalization: KerasForm {
  static var kerasNames: [String: String] { ["axes": "axis"] }

  // Keras counts the batch, DeepSwift the axes of a sample.
  func write(_ config: inout JSON.Object) {
    let counted = axes.map { $0 < 0 ? $0 : $0 + 1 }
    config["axis"] = counted.count == 1 ? .int(counted[0]) : .array(counted.map { .int($0) })
  }

  static func read(_ config: inout JSON.Object, _ reader: KerasReader) throws {
    let axes = config["axis"]?.array ?? config["axis"].map { [$0] } ?? [-1]
    guard axes.allSatisfy({ $0.int != nil && $0 != 0 && $0.int != .min }) else {
      throw reader.fault("axis: \(config["axis"]?.excerpt ?? "") is no axis of a sample")
    }
    config["axis"] = .array(axes.compactMap(\.int).map { .int($0 < 0 ? $0 : $0 - 1) })
  }
}

extension Permute: KerasForm {
  static var kerasNames: [String: String] { ["order": "dims"] }
}

extension Reshape: KerasForm {
  static var kerasNames: [String: String] { ["shape": "target_shape"] }
}

extension ZeroPadding2D: KerasForm {
  func write(_ config: inout JSON.Object) {
    for name in ["top", "bottom", "left", "right"] { config[name] = nil }
    config["padding"] = [[.int(top), .int(bottom)], [.int(left), .int(right)]]
  }

  static func read(_ config: inout JSON.Object, _ reader: KerasReader) throws {
    let sides = try Sides(config["padding"] ?? .null, reader)
    (config["top"], config["bottom"], config["left"], config["right"]) = (sides[0], sides[1], sides[2], sides[3])
    config["padding"] = nil
  }
}

/// Lengths at the four sides of an image: one number, one for each axis, or two.
struct Sides {
  private let lengths: [Int]
  subscript(side: Int) -> JSON { .int(lengths[side]) }

  init(_ json: JSON, _ reader: KerasReader) throws {
    let axes: [JSON] = json.int != nil ? [json, json] : json.array ?? []
    lengths = axes.flatMap { axis in axis.int.map { [$0, $0] } ?? axis.array?.compactMap(\.int) ?? [] }
    guard axes.count == 2, lengths.count == 4, lengths.allSatisfy({ 0...Shape.longestAxis ~= $0 }) else {
      throw reader.fault("lengths at the four sides are expected, found \(json.excerpt)")
    }
  }
}
