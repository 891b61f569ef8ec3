import DeepSwift
import DeepSwiftTraining
import Foundation

/// Models for `Scripts/test-onnx`: together they use every operation that inference can have.
enum ExportZoo {
  static func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, make) in models { try write(make(), name, to: folder) }
    print("\(models.count) models in \(folder)")
  }

  /// Exports the model with data of its own, and what it makes of them.
  private static func write(_ model: Model, _ name: String, to folder: String) throws {
    // First values are zeros and ones in many places, which would hide mistakes.
    let weights = model.weights.all.mapValues { weight in
      weight.shape.rank == 1 ? Tensor.random(uniform: 0.2...0.9, shape: weight.shape, seed: 7) : weight
    }
    try model.setWeights(weights)
    var data: [String: Tensor] = [:], x: [String: Tensor] = [:]
    let inputs = try model.built().inputs
    for (index, name) in model.inputNames.enumerated() {
      let shape = Shape([3] + inputs[index].shape.dimensions)
      let values =
        name.hasPrefix("words")
        ? Tensor((0..<shape.count).map { Float($0 * 7 % 11) }, shape: shape)
        : Tensor.random(normal: (mean: 0, deviation: 1), shape: shape, seed: UInt64(index) + 1)
      x[name] = values
      data["x\(index)"] = values
    }
    let predictions = try model.predictByName(x)
    for (index, output) in model.outputNames.enumerated() { data["y\(index)"] = predictions[output] }
    try model.exportONNX(to: "\(folder)/\(name).onnx")
    try Tensor.write(npz: "\(folder)/\(name).npz", data)
  }

  private static let models: [(String, @Sendable () throws -> Model)] = [
    ("dense", dense), ("lenet", lenet), ("vgg", vgg), ("residual", residual), ("windows", windows), ("mobile", mobile),
    ("sizes", sizes), ("activations", activations), ("functions", functions), ("comparisons", comparisons),
    ("reductions", reductions), ("arrangements", arrangements), ("broadcasting", broadcasting), ("shared", sharedValues),
    ("lookups", lookups), ("normalizations", normalizations), ("text", text), ("states", states), ("unrolled", unrolled),
    ("transformer", transformer), ("masks", masks), ("several", several), ("augmented", augmented),
  ]

  private static func dense() -> Model {
    Sequential {
      Input(shape: [7])
      Dense(16, activation: .relu)
      Dropout(0.5)
      Dense(5, activation: .softmax)
    }
  }

  private static func lenet() -> Model {
    Sequential {
      Input(shape: [28, 28, 1])
      Conv2D(6, kernelSize: 5, padding: .same, activation: .tanh)
      AveragePooling2D()
      Conv2D(16, kernelSize: 5, activation: .tanh)
      AveragePooling2D()
      Flatten()
      Dense(120, activation: .tanh)
      Dense(84, activation: .tanh)
      Dense(10, activation: .softmax)
    }
  }

  private static func vgg() -> Model {
    Sequential {
      Input(shape: [16, 16, 3])
      Rescaling(1 / 3, offset: 0.1)
      for filters in [8, 16] {
        Conv2D(filters, kernelSize: 3, padding: .same, useBias: false)
        BatchNormalization()
        Activation(.relu)
        Conv2D(filters, kernelSize: 3, padding: .same, activation: .relu)
        MaxPooling2D()
        Dropout(0.2)
      }
      GlobalAveragePooling2D()
      Dense(10)
    }
  }

  /// Strides, a shortcut, and an even size under `.same`, where zeros stand on one side only.
  private static func residual() -> Model {
    let x = Input(shape: [16, 16, 3])
    let a = Conv2D(8, kernelSize: 3, strides: 2, padding: .same)(x)
    let b = Activation(.relu)(BatchNormalization()(a))
    let c = BatchNormalization()(Conv2D(8, kernelSize: 3, padding: .same)(b))
    let joined = Activation(.relu)(Add()([c, Conv2D(8, kernelSize: 1, strides: 2)(x)]))
    return Model(inputs: x, outputs: Dense(4)(GlobalMaxPooling2D()(joined)))
  }

  private static func windows() -> Model {
    let x = Input(shape: [11, 10, 4])
    let nodes = [
      Conv2D(6, kernelSize: [3, 2], dilationRate: [2, 3])(x), Conv2D(6, kernelSize: 4, padding: .same, dilationRate: 2)(x),
      Conv2D(6, kernelSize: [2, 5], strides: [3, 2], padding: .same)(x), Conv2D(6, kernelSize: 1, strides: 4, padding: .same)(x),
      Conv2D(6, kernelSize: 3, groups: 2)(x), Conv2D(4, kernelSize: 3, groups: 4, useBias: false)(x),
      MaxPooling2D(poolSize: 3, strides: 2, padding: .same)(x), MaxPooling2D(poolSize: [2, 3], strides: [1, 2])(x),
      AveragePooling2D(poolSize: 3, strides: 2, padding: .same)(x), AveragePooling2D(poolSize: [5, 2], strides: 1)(x),
    ]
    return Model(inputs: x, outputs: nodes)
  }

  private static func mobile() -> Model {
    Sequential {
      Input(shape: [12, 12, 3])
      DepthwiseConv2D(kernelSize: 3, strides: 2, padding: .same, depthMultiplier: 2)
      BatchNormalization()
      Activation(.relu6)
      Conv2D(8, kernelSize: 1, activation: .silu)
      DepthwiseConv2D(kernelSize: [2, 3], padding: .same, dilationRate: 2, useBias: false)
      SeparableConv2D(6, kernelSize: 3, padding: .same, depthMultiplier: 2, activation: .relu)
      Dropout(0.2, noiseShape: [nil, 1, 1, nil])
      GlobalAveragePooling2D(keepDimensions: true)
      Conv2D(3, kernelSize: 1, activation: .softmax)
    }
  }

  private static func sizes() -> Model {
    let x = Input(shape: [6, 9, 3]), y = Conv2D(4, kernelSize: 3, padding: .same)(x)
    let up = UpSampling2D(size: [2, 3])(y), smooth = UpSampling2D(size: [2, 3], interpolation: .bilinear)(y)
    let methods: [Resampling] = [.nearest, .bilinear, .bicubic, .lanczos3, .lanczos5]
    let resized = methods.map { Resizing(4, 13, interpolation: $0)(y) }
    return Model(
      inputs: x,
      outputs: [
        Concatenate()([up, smooth]), Concatenate(axis: 1)([y, x.slice(axis: 2, 0..<1) * 2 + y]),
        ZeroPadding2D(top: 1, bottom: 2, left: 0, right: 3)(y), CenterCrop(3, 4)(y), Resizing(3, 3, antialias: true)(x),
      ] + resized)
  }

  private static func activations() -> Model {
    let x = Input(shape: [6]), names = ActivationFunction.named.keys.sorted()
    return Model(inputs: x, outputs: names.map { Activation(ActivationFunction.named[$0]!, name: $0)(x) })
  }

  private static func functions() -> Model {
    let x = Input(shape: [2, 5]), positive = square(x) + 0.5
    return Model(
      inputs: x,
      outputs: [
        exp(x), log(positive), log1p(positive), expm1(x), sqrt(positive), abs(x), reciprocal(positive), sign(x), erf(x), sin(x),
        cos(x), floor(x), round(x * 3), -x, pow(positive, x), pow(positive, 1.5), clip(x, -0.5, 0.5), 2 / positive, x / positive,
        minimum(x, 0.1), maximum(x, positive), softmax(x), logSoftmax(x), softplus(x * 30),
      ])
  }

  private static func comparisons() -> Model {
    let x = Input(shape: [6], name: "words"), y = Input(shape: [6], name: "words_too"), z = y + 1
    return Model(
      inputs: [x, y],
      outputs: [
        x .< z, x .<= z, x .> z, x .>= z, x .== z, x .!= z, x .== 7, select(x .> 4, x, z), select(x - 3, z, Node(2)),
        x.oneHot(classes: 11),
      ])
  }

  private static func reductions() -> Model {
    let x = Input(shape: [4, 5, 3]), y = Conv2D(3, kernelSize: 2)(x)
    var outputs: [Node] = []
    for node in [x, y] {
      outputs += [
        node.sum(), node.mean(axis: 0), node.max(axes: [0, 1]), node.min(axes: [0, 1], keepDimensions: true),
        node.product(axes: [-1]), node.mean(axes: [1, 2], keepDimensions: true), node.argmax(), node.argmax(axis: 0),
        node.argmax(axis: 1, keepDimensions: true), node.variance(axes: [0]), node.max(axes: [0, 1, 2]),
      ]
    }
    return Model(inputs: x, outputs: outputs)
  }

  private static func arrangements() -> Model {
    let x = Input(shape: [4, 6, 3]), y = Conv2D(3, kernelSize: 3, padding: .same)(x)
    var outputs: [Node] = []
    for node in [x, y] {
      outputs += [
        node.transposed(), node.transposed([1, 0, 2]), node.reshaped([-1, 9]), node.flattened(), node[1], node[1..<3],
        node.slice(axis: -1, 0..<3, step: 2), node.at(-1, axis: 1), node.expandedDimensions(axis: 1),
        node.padded([(1, 0), (0, 2), (1, 1)], with: 0.5), concatenate([node, x], axis: 0), concatenate([node, node], axis: -1),
      ]
    }
    return Model(inputs: x, outputs: outputs)
  }

  private static func broadcasting() -> Model {
    let x = Input(shape: [3]), m = Input(shape: [2, 3]), image = Input(shape: [4, 5, 3]), one = Input(shape: [])
    let y = Conv2D(3, kernelSize: 3, padding: .same)(image), table = Node(Tensor.random(uniform: 0...1, shape: [5, 3], seed: 1))
    let cube = Node(Tensor.random(uniform: 0...1, shape: [4, 1, 3], seed: 2))
    let stack = Input(shape: [2, 3, 4])
    return Model(
      inputs: [x, m, image, one, stack],
      outputs: [
        x + m, m * x, y + x, y * table, y - cube, cube - y, y * y.mean(axes: [0, 1], keepDimensions: true), y + one, one * m,
        table + x, y + image, select(y .> 0, y, x), m.matmul(stack), stack.transposed([0, 2, 1]).matmul(m.transposed()),
        m.matmul(Node(Tensor.random(uniform: 0...1, shape: [3, 2], seed: 3))),
        Node(Tensor.random(uniform: 0...1, shape: [5, 2], seed: 4)).matmul(m), maximum(y, Node(Tensor([0, 0.5, 1], shape: [3]))),
      ])
  }

  /// Values that all samples share, where an operator wants a batch.
  private static func sharedValues() -> Model {
    let x = Input(shape: [4, 5, 2]), constant = Node(Tensor.random(normal: (mean: 0, deviation: 1), shape: [4, 5, 2], seed: 3))
    let layers: [any Layer] = [
      Conv2D(2, kernelSize: 3, padding: .same), MaxPooling2D(strides: 1, padding: .same),
      UpSampling2D(size: 1, interpolation: .bilinear), BatchNormalization(), LayerNormalization(), Dense(2),
    ]
    return Model(
      inputs: x,
      outputs: layers.map { layer in Lambda { x in x * 2 }(x) + layer(constant) }
        + [concatenate([x, constant], axis: 0), concatenate([constant, x, constant], axis: -1), x + softmax(constant).sum()])
  }

  private static func lookups() -> Model {
    let words = Input(shape: [4], name: "words"), table = Input(shape: [11, 3], name: "table")
    let fixed = Node(Tensor([2, 0, 10], shape: [3]))
    return Model(
      inputs: [words, table],
      outputs: [Embedding(11, 5)(words), table.gathered(words), table.gathered(fixed), table.gathered(words.reshaped([2, 2]))])
  }

  private static func normalizations() -> Model {
    let x = Input(shape: [4, 6, 3]), v = Input(shape: [8]), frozen = BatchNormalization(name: "frozen")
    let model = Model(
      inputs: [x, v],
      outputs: [
        BatchNormalization()(x), BatchNormalization(axis: 1)(x), BatchNormalization()(v), LayerNormalization()(x),
        LayerNormalization(axes: [0, 2])(x), BatchNormalization()(x.reshaped([24, 3])), frozen(x),
        Normalization(axis: -1, mean: [1, 2, 3], variance: [0.5, 1, 2])(x),
      ])
    try? model.layer(named: "frozen").trainable = false
    return model
  }

  private static func text() -> Model {
    Sequential {
      Input(shape: [9], name: "words")
      Embedding(11, 6)
      LSTM(5, dropout: 0.3, returnSequences: true)
      LSTM(4, useBias: false, returnSequences: true, goBackwards: true)
      LSTM(3)
      Dense(1, activation: .sigmoid)
    }
  }

  private static func states() -> Model {
    let x = Input(shape: [5, 3]), first = LSTM(4).outputs(of: x)
    let second = LSTM(4, returnSequences: true).outputs(of: x, initialState: [first.h, first.c])
    return Model(
      inputs: x,
      outputs: [
        first.output, first.h, first.c, second.output, second.c, LSTM(4, useBias: false)(x, initialState: [first.c, first.h]),
      ])
  }

  private static func unrolled() -> Model {
    Sequential {
      Input(shape: [4, 3])
      LSTM(4, activation: .softsign, recurrentActivation: .hardSigmoid, recurrentDropout: 0.2, returnSequences: true)
      Dense(2)
    }
  }

  private static func transformer() -> Model {
    let words = Input(shape: [8], name: "words")
    let x = Embedding(11, 12)(words)
    let attention = MultiHeadAttention(numHeads: 3, keyDim: 4, dropout: 0.1)
    let a = LayerNormalization()(x + attention(x, x, useCausalMask: true))
    let b = LayerNormalization()(a + Dense(12)(Dense(24, activation: .gelu)(a)))
    return Model(inputs: words, outputs: Dense(3)(b.mean(axis: 0)))
  }

  private static func masks() -> Model {
    let q = Input(shape: [4, 6]), v = Input(shape: [5, 3]), mask = Input(shape: [4, 5], name: "words_mask")
    // The first query sees nothing.
    let fixed = Node(Tensor((0..<20).map { $0 < 5 || $0 % 3 == 0 ? 0 : 1 }, shape: [4, 5]))
    func layer() -> MultiHeadAttention { MultiHeadAttention(numHeads: 2, keyDim: 3, valueDim: 2, outputShape: [7]) }
    return Model(
      inputs: [q, v, mask],
      outputs: [
        layer()(q, v, attentionMask: mask .> 4), layer()(q, v, attentionMask: fixed, useCausalMask: true), layer()(q, v),
        layer()(q, v, v * 2, useCausalMask: true),
      ])
  }

  private static func several() -> Model {
    let a = Input(shape: [4], name: "a"), b = Input(shape: [4], name: "b"), c = Input(shape: [2], name: "c")
    let tower = Shared(Dense(3, activation: .tanh))
    let inner = Sequential(name: "inner") {
      Dense(3)
      BatchNormalization()
    }
    let joined = Concatenate()([tower(a), inner(tower(b))])
    return Model(inputs: [a, b, c], outputs: [Dense(1, name: "first")(joined), Dense(2, name: "second")(joined), a, joined])
  }

  /// Layers that do something while training only.
  private static func augmented() -> Model {
    Sequential {
      Input(shape: [8, 8, 3])
      RandomFlip()
      RandomRotation(0.2)
      RandomZoom(0.2)
      RandomTranslation(0.1, 0.1)
      RandomContrast(0.2)
      RandomBrightness(0.2)
      RandomCrop(6, 6)
      Conv2D(3, kernelSize: 3)
      Flatten()
      Dense(2)
    }
  }
}
