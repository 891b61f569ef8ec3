import DeepSwift
@testable import DeepSwiftDatasets
@testable import DeepSwiftEvaluation
@testable import DeepSwiftTraining
import Testing

/// A layer of one's own.
struct Shift: Layer, Equatable {
  enum Direction: String, Codable { case upAndAway, down }
  var amount: Float
  var direction = Direction.upAndAway
  var table: [String: Int] = ["camelCase": 3]
  @Coded var inner: any Initializer = .truncatedNormal(standardDeviation: 0.25)
  var name: String?

  func forward(_ x: Node, _ weights: Weights) -> Node { x + weights("shift", [x.shape.last], .constant(amount)) }
  static func == (a: Shift, b: Shift) -> Bool { (a.amount, a.direction) == (b.amount, b.direction) && a.table == b.table }
}

/// A layer of one's own in the shortest form.
struct Doubling: Layer {
  func forward(_ x: Node, _ weights: Weights) -> Node { x * 2 }
}

@Suite struct KerasConfigurationTests {
  private func copy(_ model: Model, _ custom: [any Layer.Type] = []) throws -> Model {
    let text = try KerasConfiguration.json(of: model, place: "a").text
    return try KerasConfiguration.model(JSON(text, place: "b"), place: "b", customLayers: custom, fileSize: 0)
  }

  private func model(_ layers: String) throws -> Model {
    let text = #"{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [\#(layers)]}}"#
    return try KerasConfiguration.model(JSON(text, place: "a.keras"), place: "a.keras", fileSize: 0)
  }

  private func dense(_ settings: String) -> String {
    #"{"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "units": 3, "use_bias": true, "#
      + #""kernel_initializer": "he_normal", "bias_initializer": "zeros"\#(settings)}}"#
  }

  @Test func ownLayersAreFoundByTheirNames() throws {
    let model = Sequential {
      Input(shape: [3])
      Shift(amount: 0.5, direction: .down)
    }
    for custom in [[], [Shift.self]] as [[any Layer.Type]] {
      let shift = try #require(try copy(model, custom).layers[0].layer as? Shift)
      #expect(shift == Shift(amount: 0.5, direction: .down))
      #expect((shift.inner as? TruncatedNormal)?.standardDeviation == 0.25)
    }
    let json = try KerasConfiguration.json(of: model, place: "a")
    let layer = try #require(json["config"]?["layers"]?.array?.last)
    #expect(layer["module"] == "EvaluationTests" && layer["registered_name"] == "EvaluationTests>Shift")
    #expect(layer["config"]?["direction"] == "down" && layer["config"]?["table"] == ["camelCase": 3])
  }

  @Test func ownLayersNeedNoNameOfTheirOwn() throws {
    let model = Sequential {
      Input(shape: [3])
      Doubling()
    }
    let layer = try copy(model, [Doubling.self]).layers[0]
    #expect(layer.name == "doubling" && layer.layer is Doubling)
  }

  @Test func allUnknownLayersAreNamedAtOnce() {
    let unknown = #"{"module": "my.package", "class_name": "Warp", "config": {"name": "w"}}"#
    let hostile = #"{"module": "$s", "class_name": "\u0001\u0002SiSg", "config": {"name": "h"}}"#
    #expect { try model([unknown, dense(""), hostile].joined(separator: ", ")) } throws: {
      "\($0)".contains("2 layers") && "\($0)".contains("w (Warp of my.package)") && "\($0)".contains("customLayers:")
    }
  }

  @Test func settingsWithoutACounterpartAreRefused() throws {
    #expect(try model(dense("")).layers[0].name == "d")
    #expect(try model(dense(#", "kernel_constraint": null, "dtype": "float32""#)).layers.count == 1)
    #expect { try model(dense(#", "kernel_constraint": {"class_name": "MaxNorm"}"#)) } throws: {
      "\($0)".contains("d (Dense)") && "\($0)".contains("kernel_constraint: {\"class_name\": \"MaxNorm\"}")
    }
    #expect { try model(dense(#", "dtype": "bfloat16""#)) } throws: { "\($0)".contains("float32") }
    let policy = #", "dtype": {"class_name": "DTypePolicy", "config": {"name": "mixed_float16"}}"#
    #expect { try model(dense(policy)) } throws: { "\($0)".contains("dtype: mixed_float16.") }
    #expect { try model(dense(#", "kernel_regularizer": {"class_name": "Far"}"#)) } throws: { "\($0)".hasSuffix("save again.") }
    #expect { try model(dense(#", "activation": "warp""#)) } throws: { "\($0)".contains("no activation is called warp") }
  }

  @Test(
    arguments: [
      ("ReLU", "", "relu", [:]), ("ReLU", #", "max_value": 6.0"#, "relu6", [:]),
      ("ReLU", #", "max_value": null, "negative_slope": 0.25, "threshold": 0.0"#, "leaky_relu", ["negative_slope": 0.25]),
      ("LeakyReLU", #", "alpha": 0.125"#, "leaky_relu", ["negative_slope": 0.125]),
      ("ELU", #", "alpha": 0.5"#, "elu", ["alpha": 0.5]),
      ("Softmax", #", "axis": -1"#, "softmax", [:]),
    ] as [(String, String, String, [String: Float])])
  func layersOfAFunctionAreItsActivation(_ className: String, _ settings: String, _ name: String, _ numbers: [String: Float])
    throws
  {
    let handle = try #require(try model(layer(className, settings)).layers.first)
    let function = try #require((handle.layer as? Activation)?.function)
    #expect((handle.name, function.name) == ("f", name))
    #expect(function.parameters == numbers)
  }

  @Test func activationsWithNumbersAreWrittenAsLayers() throws {
    let model = Sequential {
      Input(shape: [3])
      Activation(.leakyRelu(negativeSlope: 0.125), name: "leaky")
      Activation(.relu)
    }
    let layers = try #require(try KerasConfiguration.json(of: model, place: "a")["config"]?["layers"]?.array)
    #expect(layers.map { $0["class_name"] } == ["InputLayer", "LeakyReLU", "Activation"])
    #expect(layers[1]["config"] == ["name": "leaky", "trainable": true, "dtype": "float32", "negative_slope": 0.125])
    let copy = try copy(model).layers[0]
    #expect((copy.layer as? Activation)?.function.parameters == ["negative_slope": 0.125] && copy.name == "leaky")
  }

  /// A factor that is taken out again changes nothing; a moving average of weights would.
  @Test func whatOptimizersOnlySeemToDo() throws {
    func optimizer(_ settings: String) throws -> (any Optimizer)? {
      let compile =
        #"{"optimizer": {"module": "keras.optimizers", "class_name": "Adam", "config": {"learning_rate": 0.5\#(settings)}}, "#
        + #""loss": {"class_name": "Huber", "config": {"reduction": "auto", "name": "h", "fn": "huber", "delta": 0.5}}}"#
      let text =
        #"{"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "InputLayer", "#
        + #""config": {"name": "i", "batch_shape": [null, 3]}}, \#(dense(""))]}, "compile_config": \#(compile)}"#
      let model = try KerasConfiguration.model(JSON(text, place: "a"), place: "a", fileSize: 0)
      #expect((model.compilation?.losses.first as? Huber)?.delta == 0.5)
      return model.compilation?.optimizer
    }
    #expect(try optimizer(#", "loss_scale_factor": 4.0, "use_ema": false, "ema_momentum": 0.9"#)?.learningRate.rate(at: 0) == 0.5)
    #expect { try optimizer(#", "use_ema": true"#) } throws: {
      "\($0)".contains("use_ema: true has no counterpart") && "\($0)".contains("compile: false")
    }
  }

  @Test func theShapeOfNoiseComesAndGoes() throws {
    let settings = #", "rate": 0.25, "seed": null, "noise_shape": "#
    for (text, shape) in [("null", nil), ("[null, 1, 4]", [nil, 1, 4]), ("[1, null]", [1, nil])] as [(String, [Int?]?)] {
      let read = try model(layer("Dropout", settings + text)), dropout = try #require(read.layers.first?.layer as? Dropout)
      #expect(dropout.noiseShape == shape && dropout.rate == 0.25)
      let written = try KerasConfiguration.json(of: read, place: "a")["config"]?["layers"]?.array?.last
      #expect(try written?["config"]?["noise_shape"] == JSON(text, place: "b"))
    }
    #expect { try model(layer("Dropout", settings + #"[null, "many"]"#)) } throws: { "\($0)".contains("a.keras, f (Dropout)") }
  }

  @Test(arguments: [("ReLU", #", "max_value": 5.0"#), ("ReLU", #", "threshold": 1.0"#), ("Softmax", #", "axis": 1"#)])
  func layersOfOtherFunctionsAreRefused(_ className: String, _ settings: String) {
    #expect { try model(layer(className, settings)) } throws: { "\($0)".contains("a.keras, f (\(className))") }
  }

  /// As Keras 3.0 writes them.
  @Test func imageLayersOfOldVersions() throws {
    let filling = #", "fill_mode": "reflect", "fill_value": 0.0, "interpolation": "bilinear", "data_format": "channels_last""#
    let layers = [
      layer("RandomRotation", #", "factor": [-0.1, 0.1], "seed": null, "value_range": [0, 255]"# + filling),
      layer("RandomContrast", #", "factor": 0.25, "seed": null"#),
      layer("Resizing", #", "height": 3, "width": 4, "interpolation": "bilinear", "crop_to_aspect_ratio": false"#),
    ]
    let models = try layers.map { try model($0) }, found = models.map { $0.layers[0].layer }
    #expect((found[0] as? RandomRotation)?.fillMode == .reflect)
    #expect((found[1] as? RandomContrast)?.valueRange == [0, 255])
    #expect((found[1] as? RandomContrast)?.factor == [0.25, 0.25])
    #expect((found[2] as? Resizing)?.padToAspectRatio == false)
    for model in models.dropFirst() {
      let text = try KerasConfiguration.json(of: model, place: "a").text
      #expect(!text.contains("value_range") && !text.contains("antialias"), "old versions do not know these")
    }
  }

  private func layer(_ className: String, _ settings: String) -> String {
    #"{"module": "keras.layers", "class_name": "\#(className)", "config": {"name": "f", "dtype": "float32"\#(settings)}}"#
  }

  /// The function of an operation that stands between layers.
  private func operation(_ name: String, _ settings: String) throws -> ActivationFunction? {
    let text =
      #"{"module": "keras", "class_name": "Functional", "config": {"name": "f", "layers": ["#
      + #"{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 3], "name": "i", "#
      + #""dtype": "int32"}, "inbound_nodes": []}, {"module": "keras.src.ops.nn", "class_name": "\#(name)", "#
      + #""config": {"name": null\#(settings)}, "name": "o", "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "#
      + #""config": {"keras_history": ["i", 0, 0]}}], "kwargs": {}}]}], "input_layers": ["i", 0, 0], "#
      + #""output_layers": ["o", 0, 0]}}"#
    let model = try KerasConfiguration.model(JSON(text, place: "a.keras"), place: "a.keras", fileSize: 0)
    return (model.layers.last?.layer as? Activation)?.function
  }

  @Test func operationsKeepTheirSettings() throws {
    #expect(try operation("Relu", "")?.name == "relu")
    #expect(try operation("Softmax", #", "axis": -1"#)?.name == "softmax")
    #expect(try operation("Gelu", #", "approximate": true"#)?.name == "gelu_tanh")
    #expect(try operation("LeakyRelu", #", "negative_slope": 0.25"#)?.parameters == ["negative_slope": 0.25])
    #expect(try operation("Elu", #", "alpha": 0.5"#)?.parameters == ["alpha": 0.5])
    #expect { try operation("Softmax", #", "axis": 1"#) } throws: { "\($0)".contains("a.keras, o (Softmax): axis: 1 has no") }
    #expect { try operation("Unfold", "") } throws: { "\($0)".contains("o (Unfold, an operation between layers)") }
  }

  @Test func weightsThatTheFileCannotHoldGetNoMemory() {
    for units in [2_000_000_000, 9_000_000_000_000_000_000, -3, 0] {
      #expect(throws: ModelError.self) {
        try model(dense("").replacing("\"units\": 3", with: "\"units\": \(units), \"batch_input_shape\": [null, 2000000000]"))
          .makeReady()
      }
    }
  }

  @Test func aLayerOfTwoModelsIsRefused() throws {
    let model = Sequential {
      Input(shape: [3])
      Dense(3)
      Sequential(name: "inner") {
        Input(shape: [3])
        Dense(3, name: "tower")
      }
    }
    let text = try KerasConfiguration.json(of: model, place: "a").text, dense = #""class_name": "Dense""#
    #expect(text.ranges(of: dense).count == 2)
    let shared = text.replacing(dense, with: #""shared_object_id": 7, \#(dense)"#)
    #expect { try KerasConfiguration.model(JSON(shared, place: "b"), place: "b", fileSize: 0) } throws: {
      "\($0)".contains("b, inner (Sequential), tower (Dense): stands in two models")
        && "\($0)".contains("keras.Sequential([layer])")
    }
  }

  @Test func aLambdaIsRefused() throws {
    let model = Sequential {
      Input(shape: [3])
      Lambda { $0 * 2 }
    }
    #expect { try copy(model) } throws: { "\($0)".contains("Lambda") }
  }

  @Test func optimizersLossesAndMetricsComeBack() throws {
    let model = Sequential {
      Input(shape: [3])
      Dense(4)
    }
    try model.compile(
      optimizer: .adam(
        learningRate: .cosineDecay(initial: 0.1, steps: 20, alpha: 0.5, warmupTarget: 0.2, warmupSteps: 3), beta1: 0.8,
        amsgrad: true,
        weightDecay: 0.01, clipping: .globalNorm(2)),
      loss: .sparseCategoricalCrossentropy(fromLogits: true), metrics: [.accuracy, .topK(2), .mae])
    let json = try KerasConfiguration.json(of: model, place: "a")
    let config = json["compile_config"]?["optimizer"]?["config"]
    #expect(config?["beta_1"] == 0.8 && config?["global_clipnorm"] == 2.0 && config?["clipnorm"] == .null)
    #expect(config?["learning_rate"]?["config"]?["decay_steps"] == 20)
    #expect(json["compile_config"]?["metrics"]?.array?[1]["class_name"] == "SparseTopKCategoricalAccuracy")

    let compilation = try #require(try copy(model).compilation), adam = try #require(compilation.optimizer as? Adam)
    #expect((adam.beta1, adam.weightDecay, adam.clipping) == (0.8, 0.01, .globalNorm(2)))
    #expect(adam.amsgrad && adam.learningRate.rate(at: 2) == Float(0.1) + (0.2 - 0.1) * Float(2) / 3)
    #expect((compilation.losses[0] as? SparseCategoricalCrossentropy)?.fromLogits == true)
    #expect(compilation.metrics[0].map(\.name) == ["accuracy", "top_k_categorical_accuracy", "mae"])
    #expect((compilation.metrics[0][1] as? TopKAccuracy)?.k == 2)
  }

  @Test func theOrthogonalInitializerHasTheNameThatAllVersionsKnow() throws {
    let model = Sequential {
      Input(shape: [2, 3])
      LSTM(4)
    }
    let layer = try KerasConfiguration.json(of: model, place: "a")["config"]?["layers"]?.array?.last
    #expect(layer?["config"]?["recurrent_initializer"]?["class_name"] == "OrthogonalInitializer")
    #expect((try copy(model).layers.first?.layer as? LSTM)?.recurrentInitializer is Orthogonal)
  }

  @Test func anErrorUnderAnotherNameKeepsItsFunction() throws {
    let model = Sequential {
      Input(shape: [3])
      Dense(1)
    }
    try model.compile(optimizer: .sgd, loss: .meanSquaredError, metrics: [MeanError.mse.named("e"), .mae])
    let metrics = try KerasConfiguration.json(of: model, place: "a")["compile_config"]?["metrics"]?.array
    #expect(metrics?[0]["class_name"] == "MeanSquaredError" && metrics?[0]["config"]?["name"] == "e")
    #expect(metrics?[1] == "mae")
    #expect(try copy(model).compilation?.metrics[0].map(\.name) == ["e", "mae"])
  }

  @Test func formulasAreToldOnlyToWhoWantsThem() throws {
    let model = Sequential {
      Input(shape: [3])
      Dense(1)
    }
    try model.compile(optimizer: .sgd) { target, prediction in abs(target - prediction) }
    let json = try KerasConfiguration.json(of: model, place: "a")
    #expect { try KerasConfiguration.model(json, place: "a", fileSize: 0) } throws: { "\($0)".contains("compile: false") }
    #expect(try KerasConfiguration.model(json, place: "a", compile: false, fileSize: 0).optimizer == nil)
  }

  @Test func hostileGraphsEnd() throws {
    func functional(_ calls: String, _ output: String = #"["d", 0, 0]"#) -> JSON {
      let text =
        #"{"module": "keras", "class_name": "Functional", "config": {"name": "f", "layers": ["#
        + #"{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 3], "name": "i"}, "#
        + #""inbound_nodes": []}, {"module": "keras.layers", "class_name": "Activation", "config": {"name": "d", "#
        + #""activation": "relu"}, "inbound_nodes": [\#(calls)]}], "input_layers": ["i", 0, 0], "output_layers": \#(output)}}"#
      return (try? JSON(text, place: "a")) ?? .null
    }
    func call(_ place: String) -> String {
      #"{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": \#(place)}}], "kwargs": {}}"#
    }
    #expect(try KerasConfiguration.model(functional(call(#"["i", 0, 0]"#)), place: "a", fileSize: 0).layers.count == 2)
    for bad in [#"["d", 0, 0]"#, #"["x", 0, 0]"#, #"["i", 9, 0]"#, #"["d", -1, 0]"#, #"["i", 0, 9223372036854775807]"#] {
      #expect(throws: ModelError.self) { try KerasConfiguration.model(functional(call(bad)), place: "a", fileSize: 0) }
    }
    #expect(throws: ModelError.self) {
      try KerasConfiguration.model(functional(call(#"["i", 0, 0]"#), #"["d", -9223372036854775808, 0]"#), place: "a", fileSize: 0)
    }
  }

  @Test(arguments: [["value", "key"], ["key", "value"]]) func inputsThatHaveNames(in order: [String]) throws {
    func input(_ name: String, _ width: Int) -> String {
      #"{"module": "keras.layers", "class_name": "InputLayer", "config": {"batch_shape": [null, 5, \#(width)], "name": "\#(name)"}, "#
        + #""inbound_nodes": []}"#
    }
    func tensor(_ name: String) -> String {
      #"{"class_name": "__keras_tensor__", "config": {"keras_history": ["\#(name)", 0, 0]}}"#
    }
    let named = order.map { "\"\($0)\": \(tensor($0))" }.joined(separator: ", ")
    let attention =
      #"{"module": "keras.layers", "class_name": "MultiHeadAttention", "config": {"name": "a", "num_heads": 1, "key_dim": 7, "dropout": 0.0, "use_bias": true, "#
      + #""value_dim": 6, "output_shape": null, "attention_axes": null, "seed": null, "kernel_initializer": "zeros", "#
      + #""bias_initializer": "zeros"}, "inbound_nodes": [{"args": [\#(tensor("query"))], "kwargs": {\#(named)}}]}"#
    let layers = [input("query", 2), input("key", 3), input("value", 4), attention].joined(separator: ", ")
    let text =
      #"{"module": "keras", "class_name": "Functional", "config": {"name": "f", "layers": [\#(layers)], "input_layers": "#
      + #"[["query", 0, 0], ["key", 0, 0], ["value", 0, 0]], "output_layers": ["a", 0, 0]}}"#
    let model = try KerasConfiguration.model(JSON(text, place: "a"), place: "a", fileSize: 0)
    model.build()
    let weights = try #require(model.layers.last).parameters
    let shapes = Dictionary(uniqueKeysWithValues: weights.map { ($0.name, $0.parameter.shape) })
    #expect(shapes["key/kernel"] == [3, 1, 7] && shapes["value/kernel"] == [4, 1, 6], "\(shapes)")
  }

  /// In the .h5 files of Keras 3 nothing but its operands tells the operation `Add` from the layer.
  @Test func operationsWithoutTheirModule() throws {
    func tensor(_ name: String) -> String {
      #"{"class_name": "__keras_tensor__", "config": {"keras_history": ["\#(name)", 0, 0]}}"#
    }
    func layer(_ kind: String, _ name: String, _ operands: String) -> String {
      #"{"class_name": "\#(kind)", "config": {"name": "\#(name)"}, "name": "\#(name)", "#
        + #""inbound_nodes": [{"args": [\#(operands)], "kwargs": {}}]}"#
    }
    let layers = [
      #"{"class_name": "InputLayer", "config": {"batch_shape": [null, 2], "name": "i"}, "name": "i", "inbound_nodes": []}"#,
      layer("Add", "more", tensor("i") + ", 3.0"), layer("Multiply", "less", "0.5, " + tensor("more")),
      layer("TrueDivide", "part", tensor("less") + ", 4.0"), layer("Add", "sum", "[\(tensor("part")), \(tensor("i"))]"),
    ]
    let text =
      #"{"class_name": "Functional", "config": {"name": "f", "layers": [\#(layers.joined(separator: ", "))], "#
      + #""input_layers": ["i", 0, 0], "output_layers": ["sum", 0, 0]}}"#
    let model = try KerasConfiguration.model(JSON(text, place: "a"), place: "a", fileSize: 0)
    #expect(try model.predict(Tensor([1, 5], shape: [1, 2])).floats == [1.5, 6])
    #expect(model.layers.last?.layer is Add)
  }
}
