import DeepSwift
import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation
import Testing

@testable import DeepSwiftEvaluation

@Suite struct SwiftSourceTests {
  /// Several models in one program, compiled by `swiftc` without a warning: what they print are the bits of their predictions.
  @Test func exportedModelsPredictTheSame() throws {
    let folder = try TemporaryFolder()
    let models = [Self.images(), Self.several(), Self.functions(), Self.arrangements()]
    var main = "", expected: [Float] = []
    for (number, model) in models.enumerated() {
      let weights = model.weights.all.mapValues { weight in
        weight.shape.rank == 1 ? Tensor.random(uniform: 0.2...0.9, shape: weight.shape, seed: 7) : weight
      }
      try model.setWeights(weights)
      try model.exportSwift(to: folder.path("model\(number).swift"), function: "predict\(number)")
      var x: [String: Tensor] = [:], arguments: [String] = []
      for (name, input) in zip(model.inputNames, try model.built().inputs) {
        let values = Tensor.random(normal: (mean: 0, deviation: 1), shape: Shape([1] + input.shape.dimensions), seed: 3)
        x[name] = values
        arguments.append((model.inputNames.count > 1 ? "\(name): " : "") + "\(values.floats)")
      }
      let call = "predict\(number)(\(arguments.joined(separator: ", ")))", outputs = try model.predictByName(x)
      if model.outputNames.count == 1 {
        main += "for number in \(call) { print(number.bitPattern) }\n"
      } else {
        main += "let result\(number) = \(call)\n"
        for name in model.outputNames {
          main += "for number in result\(number).\(SwiftLiteral.identifier(name)) { print(number.bitPattern) }\n"
        }
      }
      for name in model.outputNames { expected += outputs[name]!.floats }
    }
    try Data(main.utf8).write(to: URL(fileURLWithPath: folder.path("main.swift")))

    let files = ["main.swift"] + models.indices.map { "model\($0).swift" }
    let compiled = try run(
      ["swiftc", "-O", "-swift-version", "6", "-warnings-as-errors"] + files.map(folder.path) + ["-o", folder.path("program")])
    try #require(compiled.status == 0, "\(compiled.output)")
    let printed = try run([folder.path("program")]).output.split(separator: "\n").compactMap { UInt32($0) }
    try #require(printed.count == expected.count)
    for (bits, number) in zip(printed, expected) {
      #expect(abs(Float(bitPattern: bits) - number) <= 1e-5 * max(1, abs(number)))
    }
  }

  private func run(_ command: [String]) throws -> (status: Int32, output: String) {
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  private static func images() -> Model {
    Sequential {
      Input(shape: [12, 11, 3])
      Conv2D(6, kernelSize: [3, 2], strides: 2, padding: .same, activation: .relu)
      BatchNormalization()
      DepthwiseConv2D(kernelSize: 3, padding: .same, depthMultiplier: 2, dilationRate: 2, activation: .swish)
      Dropout(0.3)
      Conv2D(4, kernelSize: 3, padding: .same, groups: 2, useBias: false)
      UpSampling2D(size: [2, 1])
      UpSampling2D(size: [1, 2], interpolation: .bilinear)
      MaxPooling2D(poolSize: 3, strides: 2, padding: .same)
      AveragePooling2D(poolSize: 2, strides: 1, padding: .same)
      ZeroPadding2D(top: 1, bottom: 0, left: 0, right: 2)
      Flatten()
      Dense(9, activation: .gelu)
      LayerNormalization()
      Dense(5, activation: .softmax)
    }
  }

  private static func several() -> Model {
    let a = Input(shape: [6, 6, 2], name: "image"), b = Input(shape: [3], name: "side")
    let pooled = Concatenate()([GlobalAveragePooling2D()(a), GlobalMaxPooling2D()(a)])
    let joined = Concatenate()([pooled, Dense(3, activation: .tanh, name: "relu")(b)])
    return Model(
      inputs: [a, b], outputs: [Dense(2, activation: .sigmoid, name: "first")(joined), Dense(1, name: "second")(b), joined])
  }

  private static func functions() -> Model {
    let x = Input(shape: [2, 5]), positive = square(x) + 0.5
    let nodes = [
      exp(x), log(positive), log1p(positive), expm1(x), sqrt(positive), abs(x), reciprocal(positive), sign(x), erf(x), sin(x),
      cos(x), floor(x), round(x * 3), -x, pow(positive, x), clip(x, -0.5, 0.5), x / positive, logSoftmax(x), softplus(x * 30),
      x .< 0.5, x .<= positive, x .> 0.5, x .>= positive, x .== x, x .!= x, select(x .> 0, x, Node(3)), x - x.mean(axis: 0),
      x * Node(Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], shape: [2, 5])),
    ]
    return Model(inputs: x, outputs: concatenate(nodes, axis: 0))
  }

  private static func arrangements() -> Model {
    let x = Input(shape: [3, 4, 2])
    let nodes = [
      x.transposed(), x.transposed([1, 0, 2]), x[1..<3], x.slice(axis: 1, 0..<4, step: 3),
      x.padded([(1, 0), (0, 2), (1, 1)], with: 0.5),
      concatenate([x, x * 2], axis: 1), x.sum(), x.mean(axes: [0, 2]), x.max(axis: 1), x.min(axes: [0]), x.product(axes: [1]),
      x.argmax(axis: 1, keepDimensions: true), x + x.mean(axes: [1], keepDimensions: true),
    ]
    return Model(inputs: x, outputs: concatenate(nodes.map { $0.flattened() }))
  }

  @Test func readsWell() throws {
    let model = Sequential(name: "small") {
      Input(shape: [2])
      Dense(3, activation: .relu, name: "hidden")
    }
    try model.setWeights(["hidden/kernel": Tensor.zeros([2, 3]), "hidden/bias": Tensor([0.5, 1, -2], shape: [3])])
    let text = try SwiftTranslation(of: model, function: "predict", path: "a.swift").text
    #expect(
      text.contains(
        """
        public func predict(_ input: [Float]) -> [Float] {
          precondition(input.count == 2, "input needs 2 numbers, shape [2]")
          let x = Values([2], input)
          let hidden = product(x, hiddenKernel)
          let hidden2 = add(hidden, hiddenBias)
          let hidden3 = relu(hidden2)
          return hidden3.numbers
        }

        """))
    #expect(text.contains("private let hiddenBias = Values([3], [0.5, 1.0, -2.0])\n"))
    #expect(text.contains("private func combined(") && !text.contains("private func convolution("))
  }

  @Test func operationsWithoutAFunctionAreNamed() throws {
    let folder = try TemporaryFolder(), words = Input(shape: [4])
    let model = Model(inputs: words, outputs: LSTM(2, name: "memory")(Embedding(5, 3, name: "table")(words)))
    let message = spoken { try model.exportSwift(to: folder.path("a.swift")) }
    #expect(message.contains("Gather in table (Embedding), LSTM in memory (LSTM)"))
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: ["", "two words", "for", "relu", "1st"]) func namesThatAreNone(name: String) throws {
    let folder = try TemporaryFolder(), x = Input(shape: [4])
    let model = Model(inputs: x, outputs: Dense(1)(x))
    #expect(
      spoken { try model.exportSwift(to: folder.path("a.swift"), function: name) }.contains("cannot be the function's name"))
    #expect(folder.names.isEmpty)
  }

  @Test func identifiers() {
    #expect(SwiftLiteral.identifier("conv2d_1/bias") == "conv2d1Bias")
    #expect(SwiftLiteral.identifier("Größe 2") == "grE2")
    #expect(SwiftLiteral.identifier("2x") == "value2x")
    #expect(SwiftLiteral.identifier("…") == "value")
  }

  /// The examples of RFC 4648.
  @Test(
    arguments: [
      ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9v\nYg"), ("fooba", "Zm9v\nYmE"),
      ("foobar", "Zm9v\nYmFy"),
    ])
  func base64(bytes: String, text: String) {
    #expect(Array(bytes.utf8).withUnsafeBytes { Base64.lines($0, ofLength: 4) } == text)
  }
}
