import DeepSwift

// What Keras' classes and arguments are called in DeepSwift. A class, or an argument, that is not here throws a `FixtureGap`.
// What a fixture leaves out is DeepSwift's default, so that defaults are tested too.

/// The activation function of that name.
package func activation(_ name: String, _ arguments: FixtureArguments = .init(nil)) throws -> ActivationFunction {
  let function: ActivationFunction
  switch name {
  case "leaky_relu": function = arguments["negative_slope"].map { .leakyRelu(negativeSlope: $0.float) } ?? .leakyRelu
  case "elu": function = arguments["alpha"].map { .elu(alpha: $0.float) } ?? .elu
  case "celu": function = arguments["alpha"].map { .celu(alpha: $0.float) } ?? .celu
  case "gelu": function = arguments.bool("approximate", false) ? .geluApproximate : .gelu
  case "hard_shrink": function = arguments["threshold"].map { .hardShrink(threshold: $0.float) } ?? .hardShrink
  case "soft_shrink": function = arguments["threshold"].map { .softShrink(threshold: $0.float) } ?? .softShrink
  case "softmax":
    // Keras counts the batch as an axis.
    let axis = arguments.int("axis", -1)
    function = axis < 0 ? .softmax : ActivationFunction("softmax") { softmax($0, axis: axis - 1) }
  default:
    guard let known = ActivationFunction.named[name] else { throw FixtureGap(name) }
    function = known
  }
  try arguments.finish(name)
  return function
}

private func activation(in arguments: FixtureArguments, _ usual: ActivationFunction) throws -> ActivationFunction {
  try arguments.string("activation").map { try activation($0) } ?? usual
}

private func extent(_ arguments: FixtureArguments, _ name: String) -> Extent2D? {
  arguments[name].map { $0.isList ? Extent2D($0.ints[0], $0.ints[1]) : Extent2D($0.int) }
}

private func padding(_ arguments: FixtureArguments, _ usual: Padding) -> Padding {
  arguments.string("padding").flatMap(Padding.init(rawValue:)) ?? usual
}

private func regularizer(_ arguments: FixtureArguments, _ name: String) throws -> (any Regularizer)? {
  guard let given = arguments[name] else { return nil }
  let values = given("arguments"), l1 = values["l1"]?.float ?? 0, l2 = values["l2"]?.float ?? 0
  switch given("class").string {
  case "L1": return .l1(l1)
  case "L2": return .l2(l2)
  case "L1L2": return .l1l2(l1: l1, l2: l2)
  default: throw FixtureGap(given("class").string ?? "")
  }
}

/// Classes for which DeepSwift has no layer of that name, but something else that computes the same.
package let standIns: Set = [
  "ReLU", "LeakyReLU", "ELU", "Softmax", "Identity", "GlobalAveragePooling1D", "GlobalMaxPooling1D",
]

/// The layer that Keras' class with these arguments is.
package func layer(_ kerasClass: String, _ given: Fixture?, name: String? = nil) throws -> any Layer {
  let a = FixtureArguments(given)
  let layer: any Layer
  switch kerasClass {
  case "Activation": layer = Activation(try activation(in: a, .linear), name: name)
  case "Add": layer = Add(name: name)
  case "Average": layer = Average(name: name)
  case "AveragePooling2D":
    let usual = AveragePooling2D()
    layer = AveragePooling2D(
      poolSize: extent(a, "pool_size") ?? usual.poolSize, strides: extent(a, "strides"), padding: padding(a, usual.padding),
      name: name)
  case "BatchNormalization":
    let usual = BatchNormalization()
    layer = BatchNormalization(
      axis: a.int("axis", usual.axis), momentum: a.float("momentum", usual.momentum), epsilon: a.float("epsilon", usual.epsilon),
      center: a.bool("center", usual.center), scale: a.bool("scale", usual.scale), name: name)
  case "CenterCrop": layer = CenterCrop(a.int("height"), a.int("width"), name: name)
  case "Concatenate": layer = Concatenate(axis: a.int("axis", Concatenate().axis), name: name)
  case "Conv2D":
    let usual = Conv2D(1, kernelSize: 1)
    layer = Conv2D(
      a.int("filters"), kernelSize: extent(a, "kernel_size") ?? 1, strides: extent(a, "strides") ?? usual.strides,
      padding: padding(a, usual.padding), dilationRate: extent(a, "dilation_rate") ?? usual.dilationRate,
      groups: a.int("groups", usual.groups), activation: try activation(in: a, usual.activation),
      useBias: a.bool("use_bias", usual.useBias), name: name)
  case "Dense":
    let usual = Dense(1)
    layer = Dense(
      a.int("units"), activation: try activation(in: a, usual.activation), useBias: a.bool("use_bias", usual.useBias),
      kernelRegularizer: try regularizer(a, "kernel_regularizer"),
      biasRegularizer: try regularizer(a, "bias_regularizer"),
      activityRegularizer: try regularizer(a, "activity_regularizer"), name: name)
  case "DepthwiseConv2D":
    let usual = DepthwiseConv2D(kernelSize: 1)
    layer = DepthwiseConv2D(
      kernelSize: extent(a, "kernel_size") ?? 1, strides: extent(a, "strides") ?? usual.strides,
      padding: padding(a, usual.padding), depthMultiplier: a.int("depth_multiplier", usual.depthMultiplier),
      dilationRate: extent(a, "dilation_rate") ?? usual.dilationRate, activation: try activation(in: a, usual.activation),
      useBias: a.bool("use_bias", usual.useBias), name: name)
  case "Dropout": layer = Dropout(a.float("rate", 0), name: name)
  case "Embedding": layer = Embedding(a.int("input_dim"), a.int("output_dim"), name: name)
  case "Flatten": layer = Flatten(name: name)
  case "GlobalAveragePooling2D": layer = GlobalAveragePooling2D(keepDimensions: a.bool("keepdims", false), name: name)
  case "GlobalMaxPooling2D": layer = GlobalMaxPooling2D(keepDimensions: a.bool("keepdims", false), name: name)
  case "LayerNormalization":
    let usual = LayerNormalization()
    layer = LayerNormalization(
      axes: a["axis"]?.ints.map { $0 < 0 ? $0 : $0 - 1 } ?? usual.axes, epsilon: a.float("epsilon", usual.epsilon),
      center: a.bool("center", usual.center), scale: a.bool("scale", usual.scale), name: name)
  case "LSTM":
    let usual = LSTM(1)
    layer = LSTM(
      a.int("units"), activation: try activation(in: a, usual.activation),
      recurrentActivation: try a.string("recurrent_activation").map { try activation($0) } ?? usual.recurrentActivation,
      useBias: a.bool("use_bias", usual.useBias), returnSequences: a.bool("return_sequences", usual.returnSequences),
      goBackwards: a.bool("go_backwards", usual.goBackwards), name: name)
  case "Maximum": layer = Maximum(name: name)
  case "MaxPooling2D":
    let usual = MaxPooling2D()
    layer = MaxPooling2D(
      poolSize: extent(a, "pool_size") ?? usual.poolSize, strides: extent(a, "strides"), padding: padding(a, usual.padding),
      name: name)
  case "Minimum": layer = Minimum(name: name)
  case "MultiHeadAttention":
    let usual = MultiHeadAttention(numHeads: 1, keyDim: 1)
    var attention = MultiHeadAttention(
      numHeads: a.int("num_heads"), keyDim: a.int("key_dim"), valueDim: a["value_dim"]?.int,
      dropout: a.float("dropout", usual.dropout), useBias: a.bool("use_bias", usual.useBias),
      outputShape: a["output_shape"].map { [$0.int] }, name: name)
    attention.useCausalMask = a.bool("use_causal_mask", usual.useCausalMask)
    attention.takesMask = a.bool("attention_mask", usual.takesMask)
    layer = attention
  case "Multiply": layer = Multiply(name: name)
  case "Normalization":
    func values(_ name: String) -> Normalization.Values? {
      a[name].map { .init($0.isList ? $0.doubles.map { Float($0) } : [$0.float]) }
    }
    let axes = a.isNone("axis") ? [] : a["axis"].map { $0.isList ? $0.ints : [$0.int] } ?? Normalization().axis
    layer = Normalization(
      axes: axes, mean: values("mean"), variance: values("variance"), invert: a.bool("invert", false), name: name)
  case "Permute": layer = Permute(a["dims"]?.ints ?? [], name: name)
  case "Rescaling": layer = Rescaling(a.float("scale", 1), offset: a.float("offset", 0), name: name)
  case "Reshape": layer = Reshape(Shape(a["target_shape"]?.ints ?? []), name: name)
  case "Resizing":
    let usual = Resizing(1, 1)
    layer = Resizing(
      a.int("height"), a.int("width"),
      interpolation: a.string("interpolation").flatMap(Resampling.init(rawValue:)) ?? usual.interpolation,
      cropToAspectRatio: a.bool("crop_to_aspect_ratio", usual.cropToAspectRatio),
      padToAspectRatio: a.bool("pad_to_aspect_ratio", usual.padToAspectRatio),
      fillValue: a.float("fill_value", usual.fillValue), antialias: a.bool("antialias", usual.antialias), name: name)
  case "SeparableConv2D":
    let usual = SeparableConv2D(1, kernelSize: 1)
    layer = SeparableConv2D(
      a.int("filters"), kernelSize: extent(a, "kernel_size") ?? 1, strides: extent(a, "strides") ?? usual.strides,
      padding: padding(a, usual.padding), depthMultiplier: a.int("depth_multiplier", usual.depthMultiplier),
      activation: try activation(in: a, usual.activation), useBias: a.bool("use_bias", usual.useBias), name: name)
  case "Subtract": layer = Subtract(name: name)
  case "UpSampling2D":
    layer = UpSampling2D(
      size: extent(a, "size") ?? UpSampling2D().size,
      interpolation: a.string("interpolation") == "bilinear" ? .bilinear : .nearest, name: name)
  case "ZeroPadding2D":
    if let sides = a["padding"]?.list, let vertical = sides.first, vertical.isList {
      let (rows, columns) = (vertical.ints, sides[1].ints)
      layer = ZeroPadding2D(top: rows[0], bottom: rows[1], left: columns[0], right: columns[1], name: name)
    } else {
      layer = ZeroPadding2D(extent(a, "padding") ?? 1, name: name)
    }

  // Stand-ins.
  case "ReLU": layer = Activation(.relu, name: name)
  case "LeakyReLU": layer = Activation(.leakyRelu(negativeSlope: a.float("negative_slope", 0.3)), name: name)
  case "ELU": layer = Activation(.elu(alpha: a.float("alpha", 1)), name: name)
  case "Softmax":
    let axis = a.int("axis", -1)
    layer = Lambda { softmax($0, axis: axis < 0 ? axis : axis - 1) }
  case "Identity": layer = Lambda { $0 }
  case "GlobalAveragePooling1D":
    let keeps = a.bool("keepdims", false)
    layer = Lambda { $0.mean(axis: 0, keepDimensions: keeps) }
  case "GlobalMaxPooling1D":
    let keeps = a.bool("keepdims", false)
    layer = Lambda { $0.max(axis: 0, keepDimensions: keeps) }
  default: throw FixtureGap(kerasClass)
  }
  try a.finish(kerasClass)
  return layer
}

/// The model that a fixture describes.
package func model(_ given: Fixture) throws -> Model {
  if given("type").string == "sequential" {
    var layers: [any Layer] = []
    if let shape = given["inputShape"] { layers.append(InputLayer(shape: Shape(shape.ints))) }
    for item in given("layers").list { layers.append(try layer(item)) }
    return Sequential(layers, name: given["name"]?.string)
  }
  var nodes: [String: Node] = [:], shared: [String: Shared] = [:]
  let usedAgain = Set(given("layers").list.compactMap { $0["shared"]?.string })
  var inputs: [Node] = []
  for input in given("inputs").list {
    let node = Input(shape: Shape(input("shape").ints), name: input("name").string)
    nodes[input("name").string!] = node
    inputs.append(node)
  }
  for item in given("layers").list {
    let from = item("inputs").strings.map { nodes[$0]! }
    let label = item["label"]?.string ?? item["name"]?.string ?? ""
    let node: Node
    if let name = item["shared"]?.string {
      node = shared[name]!(from)
    } else {
      var made = try layer(item)
      if usedAgain.contains(label) {
        let twice = Shared(made)
        shared[label] = twice
        made = twice
      }
      node = (made as? any MergingLayer)?(from) ?? made(from[0])
    }
    nodes[label] = node
  }
  return Model(inputs: inputs, outputs: given("outputs").strings.map { nodes[$0]! }, name: given["name"]?.string)
}

private func layer(_ item: Fixture) throws -> any Layer {
  if let nested = item["model"] { return try model(nested) }
  return try layer(item("class").string!, item["arguments"], name: item["name"]?.string)
}

/// A number or a schedule.
private func rate(_ arguments: FixtureArguments, _ usual: any LearningRateSchedule) throws -> any LearningRateSchedule {
  guard let given = arguments["learning_rate"] else { return usual }
  return given.isObject ? try schedule(given) : given.float
}

package func schedule(_ given: Fixture) throws -> any LearningRateSchedule {
  let name = given("class").string!, a = FixtureArguments(given["arguments"])
  let initial = a.float("initial_learning_rate", 0)
  let schedule: any LearningRateSchedule
  switch name {
  case "ExponentialDecay":
    schedule = ExponentialDecay(
      initial: initial, steps: a.int("decay_steps"), rate: a.float("decay_rate", 0), staircase: a.bool("staircase", false))
  case "InverseTimeDecay":
    schedule = InverseTimeDecay(
      initial: initial, steps: a.int("decay_steps"), rate: a.float("decay_rate", 0), staircase: a.bool("staircase", false))
  case "PolynomialDecay":
    schedule = PolynomialDecay(
      initial: initial, steps: a.int("decay_steps"), end: a.float("end_learning_rate", 1e-4), power: a.float("power", 1),
      cycle: a.bool("cycle", false))
  case "CosineDecay":
    schedule = CosineDecay(
      initial: initial, steps: a.int("decay_steps"), alpha: a.float("alpha", 0), warmupTarget: a["warmup_target"]?.float,
      warmupSteps: a.int("warmup_steps"))
  case "CosineDecayRestarts":
    schedule = CosineDecayRestarts(
      initial: initial, firstSteps: a.int("first_decay_steps"), periodFactor: a.float("t_mul", 2),
      peakFactor: a.float("m_mul", 1), alpha: a.float("alpha", 0))
  case "PiecewiseConstantDecay":
    schedule = PiecewiseConstantDecay(
      boundaries: a["boundaries"]?.ints ?? [], values: a["values"]?.list.map(\.float) ?? [])
  default: throw FixtureGap(name)
  }
  try a.finish(name)
  return schedule
}

package func optimizer(_ given: Fixture) throws -> any Optimizer {
  let name = given("class").string!, a = FixtureArguments(given["arguments"])
  var clipping: GradientClipping?
  if let limit = a["clipnorm"] { clipping = .norm(limit.float) }
  if let limit = a["clipvalue"] { clipping = .value(limit.float) }
  if let limit = a["global_clipnorm"] { clipping = .globalNorm(limit.float) }
  let decay = a["weight_decay"]?.float
  let optimizer: any Optimizer
  switch name {
  case "SGD":
    let usual = SGD()
    optimizer = SGD(
      learningRate: try rate(a, usual.learningRate), momentum: a.float("momentum", usual.momentum),
      nesterov: a.bool("nesterov", usual.nesterov),
      weightDecay: decay, clipping: clipping)
  case "Adam", "AdamW":
    let usual: Adam = name == "Adam" ? .adam : .adamW()
    optimizer = Adam(
      learningRate: try rate(a, usual.learningRate), beta1: a.float("beta_1", usual.beta1),
      beta2: a.float("beta_2", usual.beta2), epsilon: a.float("epsilon", usual.epsilon),
      amsgrad: a.bool("amsgrad", usual.amsgrad), weightDecay: decay ?? usual.weightDecay, clipping: clipping)
  case "RMSprop":
    let usual = RMSprop()
    optimizer = RMSprop(
      learningRate: try rate(a, usual.learningRate), rho: a.float("rho", usual.rho),
      momentum: a.float("momentum", usual.momentum), epsilon: a.float("epsilon", usual.epsilon),
      centered: a.bool("centered", usual.centered), weightDecay: decay, clipping: clipping)
  default: throw FixtureGap(name)
  }
  try a.finish(name)
  return optimizer
}

/// A loss, by Keras' name for its function or by its class.
package func loss(_ given: Fixture) throws -> any Loss {
  let names = [
    "sparse_categorical_crossentropy": "SparseCategoricalCrossentropy",
    "categorical_crossentropy": "CategoricalCrossentropy", "binary_crossentropy": "BinaryCrossentropy",
    "mse": "MeanSquaredError", "mean_squared_error": "MeanSquaredError", "mean_absolute_error": "MeanAbsoluteError",
    "huber": "Huber",
  ]
  if let name = given.string { return try loss(names[name] ?? name, nil) }
  return try loss(given("class").string!, given["arguments"])
}

package func loss(_ name: String, _ arguments: Fixture?) throws -> any Loss {
  let a = FixtureArguments(arguments)
  let loss: any Loss
  switch name {
  case "BinaryCrossentropy":
    loss = BinaryCrossentropy(
      fromLogits: a.bool("from_logits", false), labelSmoothing: a.float("label_smoothing", 0))
  case "CategoricalCrossentropy":
    loss = CategoricalCrossentropy(
      fromLogits: a.bool("from_logits", false), labelSmoothing: a.float("label_smoothing", 0))
  case "CategoricalHinge": loss = CategoricalHinge()
  case "CosineSimilarity": loss = CosineSimilarity()
  case "Hinge": loss = Hinge()
  case "Huber": loss = Huber(delta: a.float("delta", Huber().delta))
  case "KLDivergence": loss = KLDivergence()
  case "LogCosh": loss = LogCosh()
  case "MeanAbsoluteError": loss = MeanAbsoluteError()
  case "MeanAbsolutePercentageError": loss = MeanAbsolutePercentageError()
  case "MeanSquaredError": loss = MeanSquaredError()
  case "MeanSquaredLogarithmicError": loss = MeanSquaredLogarithmicError()
  case "Poisson": loss = Poisson()
  case "SparseCategoricalCrossentropy": loss = SparseCategoricalCrossentropy(fromLogits: a.bool("from_logits", false))
  case "SquaredHinge": loss = SquaredHinge()
  default: throw FixtureGap(name)
  }
  try a.finish(name)
  return loss
}

/// A metric, by Keras' name for it, which is its name in the history too, or by its class.
package func metric(_ given: Fixture) throws -> any Metric {
  if let name = given.string { return try metric(name, nil) }
  return try metric(given("class").string!, given["arguments"] ?? Fixture([String: Any]()))
}

/// - Parameter arguments: `nil` for a name alone; then Keras keeps the name as it is given.
package func metric(_ name: String, _ arguments: Fixture?) throws -> any Metric {
  let a = FixtureArguments(arguments)
  let metric: any Metric
  switch name {
  case "accuracy", "acc": metric = Accuracy(name: name)
  case "mse": metric = MeanError.mse
  case "mae": metric = MeanError.mae
  case "mean_squared_error": metric = MeanError.meanSquaredError
  case "MeanSquaredError" where arguments != nil: metric = MeanError.meanSquaredError
  case "MeanAbsoluteError": metric = MeanError.meanAbsoluteError
  case "RootMeanSquaredError" where arguments != nil: metric = MeanError.rootMeanSquaredError
  case "MeanAbsolutePercentageError": metric = MeanError.meanAbsolutePercentageError
  case "BinaryAccuracy": metric = BinaryAccuracy(threshold: a.float("threshold", BinaryAccuracy().threshold))
  case "CategoricalAccuracy": metric = CategoricalAccuracy()
  case "sparse_categorical_accuracy": metric = SparseCategoricalAccuracy()
  case "SparseCategoricalAccuracy":
    metric = SparseCategoricalAccuracy(name: a.string("name") ?? "sparse_categorical_accuracy")
  case "TopKCategoricalAccuracy", "top_k_categorical_accuracy": metric = TopKAccuracy(a.int("k", 5))
  case "SparseTopKCategoricalAccuracy": metric = TopKAccuracy(a.int("k", 5), name: "sparse_top_k_categorical_accuracy")
  default: throw FixtureGap(name)
  }
  try a.finish(name)
  return metric
}
