import DeepSwift

/// A model that courses train, with the data and settings under which all frameworks are compared.
struct CourseModel {
  let batchSize: Int
  let samples: Int
  let shape: Shape
  let optimizer: any Optimizer
  let model: () -> Model

  static let vocabulary = 5000

  /// Random images, or random words where a sample has one axis, and a class for each.
  func data() -> (Tensor, Tensor) {
    let all = Shape([samples] + shape.dimensions)
    let x =
      shape.rank == 1
      ? Tensor.random(integers: 0..<Self.vocabulary, shape: all, seed: 1) : Tensor.random(uniform: 0...1, shape: all, seed: 1)
    return (x, Tensor.random(integers: 0..<10, shape: [samples], seed: 2))
  }

  static var named: [String: CourseModel] {
    [
      "mlp": CourseModel(batchSize: 100, samples: 20_000, shape: [28, 28], optimizer: .adam) { dense([128]) },
      "mlp512": CourseModel(batchSize: 32, samples: 12_000, shape: [28, 28], optimizer: .adam) { dense([512]) },
      "deep-mlp": CourseModel(batchSize: 100, samples: 20_000, shape: [28, 28], optimizer: .adam) { dense([300, 100]) },
      "lenet": CourseModel(batchSize: 100, samples: 10_000, shape: [28, 28, 1], optimizer: .adam, model: lenet),
      "cifar": CourseModel(
        batchSize: 100, samples: 4_000, shape: [32, 32, 3], optimizer: .sgd(learningRate: 0.01, momentum: 0.9), model: cifar),
      "resnet20": CourseModel(
        batchSize: 100, samples: 3_000, shape: [32, 32, 3], optimizer: .sgd(learningRate: 0.01, momentum: 0.9),
        model: resnet20),
      "lstm": CourseModel(batchSize: 32, samples: 3_200, shape: [80], optimizer: .adam, model: lstm),
      "transformer": CourseModel(batchSize: 32, samples: 3_200, shape: [64], optimizer: .adam, model: transformer),
    ]
  }

  static func dense(_ units: [Int]) -> Model {
    Sequential {
      Input(shape: [28, 28])
      Flatten()
      for count in units { Dense(count, activation: .relu) }
      Dense(10, activation: .softmax)
    }
  }

  private static func lenet() -> Model {
    Sequential {
      Input(shape: [28, 28, 1])
      Conv2D(32, kernelSize: 3, activation: .relu)
      MaxPooling2D()
      Conv2D(64, kernelSize: 3, activation: .relu)
      MaxPooling2D()
      Flatten()
      Dense(128, activation: .relu)
      Dropout(0.5)
      Dense(10, activation: .softmax)
    }
  }

  private static func cifar() -> Model {
    Sequential {
      Input(shape: [32, 32, 3])
      for filters in [32, 64] {
        Conv2D(filters, kernelSize: 3, padding: .same, activation: .relu)
        Conv2D(filters, kernelSize: 3, padding: .same, activation: .relu)
        MaxPooling2D()
        Dropout(0.25)
      }
      Flatten()
      Dense(512, activation: .relu)
      Dropout(0.5)
      Dense(10, activation: .softmax)
    }
  }

  private static func resnet20() -> Model {
    func unit(_ x: Node, _ filters: Int, strides: Int = 1) -> Node {
      let strides = Extent2D(strides)
      return BatchNormalization()(Conv2D(filters, kernelSize: 3, strides: strides, padding: .same, useBias: false)(x))
    }
    let input = Input(shape: [32, 32, 3])
    var x = Activation(.relu)(unit(input, 16))
    for (stage, filters) in [16, 32, 64].enumerated() {
      for block in 0..<3 {
        let strides = stage > 0 && block == 0 ? 2 : 1
        var y = Activation(.relu)(unit(x, filters, strides: strides))
        y = unit(y, filters)
        if strides == 2 { x = Conv2D(filters, kernelSize: 1, strides: 2, padding: .same, useBias: false)(x) }
        x = Activation(.relu)(Add()([x, y]))
      }
    }
    return Model(inputs: input, outputs: Dense(10, activation: .softmax)(GlobalAveragePooling2D()(x)))
  }

  private static func lstm() -> Model {
    Sequential {
      Input(shape: [80])
      Embedding(vocabulary, 64)
      LSTM(64)
      Dense(10, activation: .softmax)
    }
  }

  /// Two encoder blocks of width 128: four heads, a dense layer of 512, normalization after each sum.
  private static func transformer() -> Model {
    let input = Input(shape: [64])
    var x = Embedding(vocabulary, 128)(input)
    for _ in 0..<2 {
      x = LayerNormalization()(Add()([x, MultiHeadAttention(numHeads: 4, keyDim: 32)(x, x)]))
      x = LayerNormalization()(Add()([x, Dense(128)(Dense(512, activation: .relu)(x))]))
    }
    let mean = Lambda(name: "mean") { $0.mean(axis: 0) }(x)
    return Model(inputs: input, outputs: Dense(10, activation: .softmax)(mean))
  }
}
