import DeepSwift
import DeepSwiftTraining
import Foundation

/// Models of DeepSwift's own, trained a little, and random graphs: Keras must find every weight in its place.
enum OwnModels {
  static func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write(waiting(), "waiting", to: folder)
    try write(shapes(), "shapes", to: folder)
    try write(wholeNumbers(), "whole_numbers", to: folder)
    for number in 0..<30 { try write(graph(UInt64(number)), "graph\(number)", to: folder) }
    print("models in \(folder)")
  }

  /// Saves the model with data of its own, trained for two steps if it is compiled.
  private static func write(_ made: (model: Model, inputs: [Tensor]), _ name: String, to folder: String) throws {
    let (model, inputs) = made
    let x = Dictionary(uniqueKeysWithValues: zip(model.inputNames, inputs))
    if model.optimizer != nil {
      let y = try model.predictByName(x).mapValues { $0 * 0.5 + 0.1 }
      for _ in 0..<2 { _ = try model.trainOnBatch(x, y) }
    }
    try model.save(to: "\(folder)/\(name).keras")
    var data = Dictionary(uniqueKeysWithValues: inputs.enumerated().map { ("x\($0)", $1) })
    let predictions = try model.predictByName(x)
    for (index, output) in model.outputNames.enumerated() { data["y\(index)"] = predictions[output] }
    try Tensor.write(npz: "\(folder)/\(name).npz", data)
  }

  /// Without an Input: the first data tell what the model takes.
  private static func waiting() throws -> (Model, [Tensor]) {
    let model = Sequential {
      Dense(4, activation: .elu(alpha: 0.5))
      Dense(3, activation: .leakyRelu(negativeSlope: 0.1), kernelInitializer: .orthogonal(seed: 3))
      Activation(.gelu)
    }
    try model.compile(optimizer: .rmsprop(learningRate: 0.01), loss: .huber(delta: 0.3), metrics: [.mae])
    let x = Tensor.random(normal: (mean: 0, deviation: 1), shape: [6, 5], seed: 1)
    _ = try model.predict(x)
    return (model, [x])
  }

  private static func shapes() throws -> (Model, [Tensor]) {
    let model = Sequential {
      Input(shape: [4, 6])
      Reshape([6, 4, 1])
      ZeroPadding2D(top: 1, bottom: 0, left: 2, right: 1)
      Permute([2, 1, 3])
      UpSampling2D(size: [2, 1])
      Reshape([-1, 7])
      LayerNormalization(axes: [0, 1])
      LayerNormalization()
      BatchNormalization(axis: 1)
      Flatten()
      Dense(2, kernelRegularizer: .l1l2(l1: 0.01, l2: 0.02))
    }
    try model.compile(
      optimizer: .adam(learningRate: .exponentialDecay(initial: 0.01, steps: 10, rate: 0.9), amsgrad: true, clipping: .norm(1)),
      loss: .logCosh, metrics: [.meanSquaredError, .meanAbsoluteError])
    return (model, [Tensor.random(normal: (mean: 0, deviation: 1), shape: [3, 4, 6], seed: 2)])
  }

  private static func wholeNumbers() throws -> (Model, [Tensor]) {
    let words = Input(shape: [5], name: "words"), image = Input(shape: [6, 6, 2], name: "image")
    let text = GlobalAveragePooling2D(keepDimensions: false)(Reshape([1, 5, 3])(Embedding(9, 3)(words)))
    let apart = DepthwiseConv2D(kernelSize: 3, depthMultiplier: 2)(Rescaling(0.5)(image))
    let thinned = Dropout(0, noiseShape: [nil, 1, 1, 1])(apart)
    let convolved = SeparableConv2D(3, kernelSize: [2, 3], padding: .same, depthMultiplier: 2, activation: .tanh)(thinned)
    let picture = Flatten()(MaxPooling2D()(convolved))
    let model = Model(
      inputs: [words, image], outputs: [Dense(2, name: "a")(Concatenate()([text, picture])), Dense(1, name: "b")(text)])
    try model.compile(
      optimizer: .sgd(learningRate: 0.01, momentum: 0.9), loss: ["a": .meanSquaredError, "b": .meanAbsoluteError],
      lossWeights: ["a": 0.5], metrics: ["a": [.mse]])
    let x = Tensor((0..<15).map { Float($0 % 9) }, shape: [3, 5])
    return (model, [x, Tensor.random(normal: (mean: 0, deviation: 1), shape: [3, 6, 6, 2], seed: 3)])
  }

  /// Layers connected at random, some of them used several times, some of them models.
  private static func graph(_ seed: UInt64) throws -> (Model, [Tensor]) {
    var random = RandomChoices(seed: seed)
    let inputs = (0..<random.below(3) + 1).map { _ in Input(shape: [4]) }
    var nodes = inputs
    let towers: [any Layer] = [
      Shared(Dense(4, activation: .tanh)), Shared(Dense(4)),
      Sequential {
        Input(shape: [4]); Dense(4, activation: .relu); Dense(4)
      }, inner(), Shared(BatchNormalization()),
    ]
    for _ in 0..<random.below(12) + 3 {
      let node = nodes[random.below(nodes.count)]
      switch random.below(6) {
      case 0: nodes.append(Dense(4, activation: .sigmoid)(node))
      case 1: nodes.append(Add()([node, nodes[random.below(nodes.count)]]))
      case 2: nodes.append(Dense(4)(Concatenate()([nodes[random.below(nodes.count)], node])))
      case 3: nodes.append(LayerNormalization()(node))
      default: nodes.append(towers[random.below(towers.count)](node))
      }
    }
    let model = Model(
      inputs: inputs, outputs: [nodes[nodes.count - 1], nodes[random.below(nodes.count)], Dense(2)(nodes[nodes.count - 2])])
    try model.compile(optimizer: .adam(learningRate: 0.01), loss: .meanSquaredError)
    return (model, inputs.indices.map { Tensor.random(normal: (mean: 0, deviation: 1), shape: [3, 4], seed: seed + UInt64($0)) })
  }

  private static func inner() -> Model {
    let x = Input(shape: [4]), y = Dense(4)(x)
    return Model(inputs: x, outputs: Add()([Dense(4, activation: .softsign)(y), y]))
  }
}

private struct RandomChoices {
  var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }
  mutating func below(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(count))
  }
}
